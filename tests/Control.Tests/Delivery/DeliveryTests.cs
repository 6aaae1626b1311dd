using System.Diagnostics;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Control.Data;
using Platform.Control.Delivery;
using Platform.Control.Tests.Agents;

namespace Platform.Control.Tests.Delivery;

public sealed class DeliveryTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_change_reaches_the_groups_agents_in_a_chain_without_holes()
    {
        using var agent = await EnrolledAgent.EnrolAsync(control);
        await using var listener = await GroupListener.StartAsync(agent);
        await listener.NextHeadAsync();
        var (_, admin) = await control.TenantAsync();
        var tenant = (await admin.GetAsync<MeAnswer>("/api/v1/me")).Memberships.Single().TenantId;
        var project = await admin.CreateAsync<ProjectAnswer>($"/api/v1/tenants/{tenant}/projects", new { name = "p" });
        for (var i = 0; i < 10; i++)
            await admin.CreateAsync<CreatedApiKeyAnswer>($"/api/v1/tenants/{tenant}/api-keys", new { name = $"k{i}", projectId = project.Id });
        var answered = Stopwatch.GetTimestamp();
        var (head, _) = await agent.CatchUpAsync();

        var change = await listener.NextChangeAsync();
        var seen = change.Resources.ToList();
        for (var at = change.To; at < head.Revision; at = change.To)
        {
            change = await listener.NextChangeAsync();
            change.From.ShouldBe(at);
            change.Epoch.ShouldBe(head.Epoch);
            seen.AddRange(change.Resources);
        }
        Stopwatch.GetElapsedTime(answered).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        seen.Last(r => r.Kind == ConfigKinds.KeyShard).Document!.Value.GetProperty("keys").GetArrayLength().ShouldBe(10);
        var told = await listener.NextHeadAsync();
        while (told.Revision < head.Revision)
            told = await listener.NextHeadAsync();
        told.Revision.ShouldBe(head.Revision);
    }

    [Fact]
    public async Task A_change_too_large_for_a_message_sends_the_revisions_only()
    {
        using var agent = await EnrolledAgent.EnrolAsync(control);
        var (tenant, _) = await control.TenantAsync();
        await using var listener = await GroupListener.StartAsync(agent);
        await listener.NextHeadAsync();

        await Keys.AddAsync(control, tenant, 3 * KeyShardDocument.MaxKeys);

        var change = await listener.NextChangeAsync();
        while (change.To < (await agent.CatchUpAsync()).Head.Revision)
            change = await listener.NextChangeAsync();
        change.Resources.ShouldBeEmpty();
        var (head, resources) = await agent.CatchUpAsync(change.From, change.Epoch);
        head.Full.ShouldBeFalse();
        var shards = resources.Where(r => r.Kind == ConfigKinds.KeyShard && r.TenantId == tenant).ToList();
        shards.Count.ShouldBe(3);
        shards.ShouldAllBe(r => r.Document!.Value.GetProperty("keys").GetArrayLength() == KeyShardDocument.MaxKeys);
    }

    [Fact]
    public async Task Catch_up_sends_what_is_newer_and_everything_to_who_is_from_another_epoch()
    {
        using var agent = await EnrolledAgent.EnrolAsync(control);
        await control.TenantAsync();
        var (before, all) = await agent.CatchUpAsync();
        before.Full.ShouldBeTrue();
        all.Count(r => r.Kind == ConfigKinds.Platform).ShouldBe(1);
        var (tenant, _) = await control.TenantAsync();

        var (head, newer) = await agent.CatchUpAsync(before.Revision, before.Epoch);
        head.Full.ShouldBeFalse();
        newer.ShouldContain(r => r.Kind == ConfigKinds.Tenant && r.Key == tenant.ToString());
        newer.ShouldAllBe(r => r.Revision > before.Revision && r.Revision <= head.Revision);

        (await agent.CatchUpAsync(before.Revision, Guid.NewGuid())).Head.Full.ShouldBeTrue();
        (await agent.CatchUpAsync(before.Revision)).Head.Full.ShouldBeTrue();
        (await agent.CatchUpAsync(long.MaxValue, before.Epoch)).Head.Full.ShouldBeTrue();
        (await agent.CatchUpAsync(head.Revision, head.Epoch)).Resources.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_tenant_that_moves_to_another_group_leaves_tombstones()
    {
        using var http = await control.OperatorAsync();
        var name = $"g{Guid.NewGuid():N}"[..20];
        await http.CreateAsync<AgentGroupAnswer>("/api/v1/agent-groups", new { name });
        using var here = await EnrolledAgent.EnrolAsync(control);
        using var there = await EnrolledAgent.EnrolAsync(control, name);
        var (tenant, _) = await control.TenantAsync();
        await Keys.AddAsync(control, tenant, 3);
        var before = (await here.CatchUpAsync()).Head;

        await control.Services.GetRequiredService<ConfigWriter>().InPlatformAsync<bool>(
            tenant,
            TestCall.Make(),
            async (write, ct) =>
            {
                (await write.Db.Tenants.SingleAsync(t => t.Id == tenant, ct)).GroupName = AgentGroupName.Parse(name);
                write.Affects(Affected.Tenant(tenant));
                return true;
            },
            Ct);

        var (_, gone) = await here.CatchUpAsync(before.Revision, before.Epoch);
        gone.Where(r => r.TenantId == tenant).Select(r => (r.Kind, r.Document is null)).Order()
            .ShouldBe([(ConfigKinds.KeyShard, true), (ConfigKinds.Tenant, true)]);
        (await here.CatchUpAsync()).Resources.ShouldNotContain(r => r.TenantId == tenant);
        (await there.CatchUpAsync()).Resources.Where(r => r.TenantId == tenant).Select(r => r.Kind).Order()
            .ShouldBe([ConfigKinds.KeyShard, ConfigKinds.Tenant]);
    }

    [Fact]
    public async Task Secrets_are_stored_sealed_and_open_with_the_groups_key_only()
    {
        const string Secret = "upstream-credential-1234567890";
        using var agent = await EnrolledAgent.EnrolAsync(control);
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.CreateAsync<PoolAnswer>(
            $"/api/v1/tenants/{tenant}/pools",
            new { name = "outside", engine = "openai", providerKey = Secret, endpoints = new[] { new { url = "https://api.example.com" } } });

        var (_, resources) = await agent.CatchUpAsync();

        var document = resources.Single(r => r.Key == pool.Id.ToString()).Document!.Value;
        var opened = System.Text.Json.JsonSerializer.Deserialize(document, WireJson.Default.PoolDocument)!;
        var key = agent.Secrets.GroupKeys.Single();
        new GroupCipher(key.Id, key.Key).Open(opened.ProviderKey!, tenant, SealedSecret.ProviderKeyKind, pool.Id.ToString(), AgentGroupName.Default)
            .ShouldBe(Encoding.UTF8.GetBytes(Secret));
        var stored = await control.Database.InPlatformAsync(
            (db, ct) => db.Database.SqlQuery<string>($"SELECT string_agg(document::text, '') AS \"Value\" FROM config_resources").SingleAsync(ct), Ct);
        stored.ShouldNotContain(Secret);
        stored.ShouldNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)));
        var platform = System.Text.Json.JsonSerializer.Deserialize(resources.Single(r => r.Kind == ConfigKinds.Platform).Document!.Value, WireJson.Default.PlatformDocument)!;
        platform.SigningKeys.ShouldHaveSingleItem().TryGetProperty("d", out _).ShouldBeFalse();
        platform.Peppers.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Compiling_everything_anew_stamps_nothing_that_did_not_change()
    {
        using var agent = await EnrolledAgent.EnrolAsync(control);
        var (tenant, admin) = await control.TenantAsync();
        await admin.CreateAsync<PoolAnswer>(
            $"/api/v1/tenants/{tenant}/pools",
            new { name = "outside", engine = "openai", providerKey = "a secret", endpoints = new[] { new { url = "https://api.example.com" } } });
        await Keys.AddAsync(control, tenant, 10);
        var before = (await agent.CatchUpAsync()).Head;

        await control.Services.GetRequiredService<ConfigRebuild>().RunAsync("test", Ct);

        (await agent.CatchUpAsync(before.Revision, before.Epoch)).Resources.ShouldBeEmpty();
    }
}
