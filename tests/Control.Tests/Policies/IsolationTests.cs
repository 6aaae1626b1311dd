using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Delivery;
using Platform.Control.Tests.Agents;
using Platform.Control.Tests.Limits;

namespace Platform.Control.Tests.Policies;

public sealed class IsolationTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_never_written_has_version_0_and_agents_get_none()
    {
        var (tenant, admin) = await control.TenantAsync();

        using var read = await admin.GetAsync(Own(tenant), Cancel);

        read.Headers.ETag!.ToString().ShouldBe("\"v0\"");
        (await read.ShouldBeAsync<IsolationPolicyAnswer>(HttpStatusCode.OK)).ShouldBe(new(null, null, null, false, null, 0));
        (await control.DocumentAsync(tenant)).Isolation.ShouldBeNull();
        using var stale = await admin.PutAsync(Own(tenant), new IsolationPolicyRequest { RetentionDays = 7 }, "\"v1\"");
        using var blind = await admin.PutAsync(Own(tenant), new IsolationPolicyRequest { RetentionDays = 7 }, "");
        await stale.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.VersionMismatch);
        await blind.ShouldBeProblemAsync(HttpStatusCode.PreconditionRequired, ProblemCodes.PreconditionRequired);
        (await admin.ReplaceAsync<IsolationPolicyAnswer>(Own(tenant), new IsolationPolicyRequest { RetentionDays = 7 }, "\"v0\"")).Version.ShouldBe(1);
        (await control.DocumentAsync(tenant)).Isolation!.RetentionDays.ShouldBe(7);
    }

    [Fact]
    public async Task The_stricter_of_both_parts_holds_and_both_sides_see_all_of_it()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        var pool = await PoolAsync(admin, tenant);
        var shared = await PoolAsync(http, TenantId.Platform);

        await http.ReplaceAsync<IsolationPolicyAnswer>(Operators(tenant), new OperatorIsolationPolicyRequest
        {
            AllowedPools = [shared, pool],
            IpRanges = ["10.0.0.0/8", "192.0.2.0/24"],
            RetentionDays = 30,
            FairnessWeight = 2.5,
            PriorityBand = -1,
            MaxSecondsWithoutControl = 600,
        }, "\"v0\"");
        await admin.ReplaceAsync<IsolationPolicyAnswer>(
            Own(tenant), new IsolationPolicyRequest { IpRanges = ["10.1.0.0/16"], RetentionDays = 90, MaxSecondsWithoutControl = 60 }, "\"v1\"");

        var own = await admin.GetAsync<IsolationPolicyAnswer>(Own(tenant));
        JsonSerializer.Serialize(await http.GetAsync<IsolationPolicyAnswer>(Operators(tenant))).ShouldBe(JsonSerializer.Serialize(own));
        own.Version.ShouldBe(2);
        (own.Own!.RetentionDays, own.Operators!.RetentionDays, own.Own.AllowedPools).ShouldBe((90, 30, null));
        foreach (var effective in new[] { own.Effective!, (await control.DocumentAsync(tenant)).Isolation! })
        {
            effective.IpRanges.ShouldBe(["10.1.0.0/16"]);
            effective.AllowedPools.ShouldBe([shared, pool], ignoreOrder: true);
            (effective.RetentionDays, effective.FairnessWeight, effective.PriorityBand, effective.MaxSecondsWithoutControl).ShouldBe((30, 2.5, -1, 60));
        }
    }

    [Fact]
    public async Task Networks_that_have_nothing_in_common_let_nobody_in()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        await http.ReplaceAsync<IsolationPolicyAnswer>(Operators(tenant), new OperatorIsolationPolicyRequest { IpRanges = ["10.0.0.0/8"] });

        await admin.ReplaceAsync<IsolationPolicyAnswer>(Own(tenant), new IsolationPolicyRequest { IpRanges = ["192.0.2.0/24"] });

        (await control.DocumentAsync(tenant)).Isolation!.IpRanges.ShouldNotBeNull().ShouldBeEmpty();
        (await admin.GetAsync<IsolationPolicyAnswer>(Own(tenant))).Effective!.IpRanges.ShouldNotBeNull().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"ipRanges":[]}""", "ipRanges")]
    [InlineData("""{"ipRanges":["10.0.0.0/8","10.0.0.1/8","10.0.0.1","010.0.0.0/8","2001:db8::/129","x/8",null,"fe80::%1/64"]}""", "ipRanges[1]", "ipRanges[2]", "ipRanges[3]", "ipRanges[4]", "ipRanges[5]", "ipRanges[6]", "ipRanges[7]")]
    [InlineData("""{"retentionDays":0,"maxSecondsWithoutControl":0}""", "retentionDays", "maxSecondsWithoutControl")]
    [InlineData("""{"retentionDays":3651,"maxSecondsWithoutControl":604801}""", "retentionDays", "maxSecondsWithoutControl")]
    public async Task Every_fault_is_named_by_its_path(string body, params string[] paths)
    {
        var (tenant, admin) = await control.TenantAsync();
        using var http = await control.OperatorAsync();

        using var own = await admin.SendTextAsync(HttpMethod.Put, Own(tenant), body);
        using var operators = await http.SendTextAsync(HttpMethod.Put, Operators(tenant), body);

        await own.ShouldFaultAsync(paths);
        await operators.ShouldFaultAsync(paths);
    }

    [Fact]
    public async Task More_than_a_hundred_networks_weights_out_of_bounds_and_pools_of_others_are_faults()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (other, theirs) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        var (own, foreign) = (await PoolAsync(admin, tenant), await PoolAsync(theirs, other));
        string[] many = [.. Enumerable.Range(0, 101).Select(i => $"10.0.{i}.0/24")];

        using var tooMany = await admin.PutAsync(Own(tenant), new IsolationPolicyRequest { IpRanges = many });
        using var weights = await http.SendTextAsync(HttpMethod.Put, Operators(tenant), """{"fairnessWeight":0,"priorityBand":101,"allowedPools":[]}""");
        using var pools = await http.PutAsync(Operators(tenant), new OperatorIsolationPolicyRequest { AllowedPools = [own, foreign, PoolId.New()] });
        using var notTheirs = await admin.SendTextAsync(HttpMethod.Put, Own(tenant), """{"fairnessWeight":2}""");

        await tooMany.ShouldFaultAsync("ipRanges");
        await weights.ShouldFaultAsync("fairnessWeight", "priorityBand", "allowedPools");
        (await pools.ShouldFaultAsync("allowedPools[1]", "allowedPools[2]")).GetProperty("code").GetString().ShouldBe(ProblemCodes.PoolUnknown);
        await notTheirs.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.MalformedRequest);
    }

    [Fact]
    public async Task A_pool_that_is_allowed_already_may_stay_when_it_is_gone()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        var (gone, left) = (await PoolAsync(admin, tenant), await PoolAsync(admin, tenant));
        await http.ReplaceAsync<IsolationPolicyAnswer>(Operators(tenant), new OperatorIsolationPolicyRequest { AllowedPools = [gone, left] });
        await admin.RemoveAsync($"/api/v1/tenants/{tenant}/pools/{gone}");

        var kept = await http.ReplaceAsync<IsolationPolicyAnswer>(Operators(tenant), new OperatorIsolationPolicyRequest { AllowedPools = [gone, left], RetentionDays = 3 });

        kept.Operators!.AllowedPools.ShouldBe([gone, left], ignoreOrder: true);
        await http.ReplaceAsync<IsolationPolicyAnswer>(Operators(tenant), new OperatorIsolationPolicyRequest { AllowedPools = [left] });
        using var again = await http.PutAsync(Operators(tenant), new OperatorIsolationPolicyRequest { AllowedPools = [gone, left] });
        await again.ShouldFaultAsync("allowedPools[0]");
    }

    [Fact]
    public async Task A_cache_salt_reaches_the_groups_agents_sealed_stays_until_it_is_rotated_and_is_shown_to_nobody()
    {
        using var agent = await EnrolledAgent.EnrolAsync(control);
        var (tenant, admin) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        using var none = await http.PostAsync($"{Operators(tenant)}/rotate-salt", new { });
        await none.ShouldFaultAsync("cacheSalt");

        var on = await http.ReplaceAsync<IsolationPolicyAnswer>(Operators(tenant), new OperatorIsolationPolicyRequest { CacheSalt = true });
        var first = (await control.DocumentAsync(tenant)).CacheSalt!;
        await http.ReplaceAsync<IsolationPolicyAnswer>(Operators(tenant), new OperatorIsolationPolicyRequest { CacheSalt = true, RetentionDays = 5 });
        var kept = (await control.DocumentAsync(tenant)).CacheSalt!;
        var revision = await control.RevisionAsync(tenant);
        await control.Services.GetRequiredService<ConfigRebuild>().RunAsync("test", Cancel);
        (await control.RevisionAsync(tenant)).ShouldBe(revision);
        using var rotated = await http.PostAsync($"{Operators(tenant)}/rotate-salt", new { });
        (await rotated.ShouldBeAsync<IsolationPolicyAnswer>(HttpStatusCode.OK)).Version.ShouldBe(3);
        var second = (await control.DocumentAsync(tenant)).CacheSalt!;

        on.CacheSalt.ShouldBeTrue();
        kept.Ciphertext.ShouldBe(first.Ciphertext);
        var (a, b) = (Open(agent, first, tenant), Open(agent, second, tenant));
        a.Length.ShouldBe(32);
        b.ShouldNotBe(a);
        var seen = await admin.GetStringAsync(Own(tenant), Cancel) + await TrailAsync(tenant);
        foreach (var salt in new[] { a, b })
        {
            seen.ShouldNotContain(Convert.ToBase64String(salt));
            seen.ShouldNotContain(Convert.ToHexString(salt), Case.Insensitive);
        }
        await http.ReplaceAsync<IsolationPolicyAnswer>(Operators(tenant), new OperatorIsolationPolicyRequest());
        (await control.DocumentAsync(tenant)).CacheSalt.ShouldBeNull();
    }

    private static byte[] Open(EnrolledAgent agent, SealedSecret secret, TenantId tenant)
    {
        var key = agent.Secrets.GroupKeys.Single(k => k.Id == secret.KeyId);
        return new GroupCipher(key.Id, key.Key).Open(secret, tenant, SealedSecret.CacheSaltKind, tenant.ToString(), AgentGroupName.Default);
    }

    private async Task<string> TrailAsync(TenantId tenant)
    {
        var trail = await control.Database.InTenantAsync(
            tenant, (db, ct) => db.AuditEvents.AsNoTracking().Where(a => a.Action.StartsWith("isolation-policy")).OrderBy(a => a.Id).ToListAsync(ct), Cancel);
        trail.Select(a => a.Action).ShouldContain("isolation-policy.rotate-salt");
        return JsonSerializer.Serialize(trail.Select(a => new { a.Before, a.After, a.Details }));
    }

    private static async Task<PoolId> PoolAsync(HttpClient http, TenantId tenant)
    {
        var pool = await http.CreateAsync<JsonElement>(
            $"/api/v1/tenants/{tenant}/pools",
            new { name = Guid.NewGuid().ToString("N"), engine = "vllm", endpoints = new[] { new { url = "https://models.example.com" } } });
        return PoolId.Parse(pool.GetProperty("id").GetString()!);
    }

    private static string Own(TenantId tenant) => $"/api/v1/tenants/{tenant}/isolation-policy";

    private static string Operators(TenantId tenant) => $"/api/v1/operator/tenants/{tenant}/isolation-policy";
}
