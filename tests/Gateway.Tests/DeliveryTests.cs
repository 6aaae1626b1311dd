using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Delivery;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

public sealed class DeliveryTests : IAsyncLifetime
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private readonly FakeControl _control = new();
    private readonly string _directory = GatewayHost.NewDirectory();
    private GatewayHost _gateway = null!;
    private UpstreamStub _upstream = null!;
    private TestTenant _tenant = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await UpstreamStub.JsonAsync("""{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}""");
        await _control.StartAsync();
        _control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument { Peppers = [_control.PepperEntry()] });
        _gateway = await GatewayHost.StartAsync(_control.Url, _control.Token, _directory);
        _tenant = PutTenant();
        await _gateway.ReadyAsync();
        await _gateway.ReachAsync(_control);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _control.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task A_change_that_was_sent_is_applied_without_a_fetch()
    {
        var pulls = _control.Pulls;

        await SendAsync(_control.Revision, Revocation());

        await Until.TrueAsync(async () => await StatusAsync() == HttpStatusCode.Unauthorized);
        _gateway.Snapshot!.Revision.ShouldBe(_control.Revision);
        _control.Pulls.ShouldBeLessThanOrEqualTo(pulls + 1); // one may have been due by silence
    }

    [Fact]
    public async Task A_lost_change_is_noticed_by_the_next_head()
    {
        Revocation();

        await _gateway.ReachAsync(_control);

        (await StatusAsync()).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Silence_is_a_reason_to_ask()
    {
        Revocation();

        await Until.TrueAsync(async () => await StatusAsync() == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Another_epoch_brings_everything_anew()
    {
        _control.Put<TenantDocument>(ConfigKinds.Tenant, _tenant.Id.ToString(), _tenant.Id, null);
        _control.Epoch = Guid.NewGuid();

        await _gateway.ReachAsync(_control);

        _gateway.Snapshot!.Tenants.ShouldBeEmpty();
        (await StatusAsync()).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_catch_up_that_breaks_off_changes_nothing_and_is_tried_again()
    {
        var revision = _gateway.Snapshot!.Revision;
        _control.BreakAfter = 200;
        Revocation();

        await Until.TrueAsync(async () => await StatusAsync() == HttpStatusCode.Unauthorized);

        _control.BreakAfter.ShouldBeNull();
        _gateway.Snapshot!.Revision.ShouldBeGreaterThan(revision);
    }

    [Fact]
    public async Task After_a_restart_with_everything_down_it_serves_and_keeps_its_records()
    {
        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);
        await _control.StopAsync();
        await _gateway.StopAsync();

        _gateway = await GatewayHost.StartAsync(new("http://127.0.0.1:1"), "gone", _directory);

        (await _gateway.Http.GetAsync("/readyz", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);
        var records = _gateway.Records();
        records.Select(r => r.Sequence).ShouldBe([1, 1]);
        records.Select(r => r.BootId).Distinct().Count().ShouldBe(2);
        records.Select(r => r.AgentId).Distinct().ShouldBe([_control.AgentId]);
    }

    [Fact]
    public async Task What_was_applied_in_spite_of_faults_is_still_so_after_a_restart()
    {
        var tenant = JsonSerializer.SerializeToElement(new { id = _tenant.Id, slug = "", suspended = true });
        _control.PutJson(ConfigKinds.Tenant, _tenant.Id.ToString(), _tenant.Id, tenant);
        await _gateway.ReachAsync(_control);
        (await StatusAsync()).ShouldBe(HttpStatusCode.Forbidden);
        await _control.StopAsync();
        await _gateway.StopAsync();

        _gateway = await GatewayHost.StartAsync(new("http://127.0.0.1:1"), "gone", _directory);

        (await StatusAsync()).ShouldBe(HttpStatusCode.Forbidden);
        _gateway.Snapshot!.Rejected.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_secret_under_a_new_group_key_leads_to_fresh_secrets()
    {
        _control.GroupKeys.Add(new("g2", RandomNumberGenerator.GetBytes(32)));
        var pool = _tenant.Pool("openai", _upstream.Url);
        pool = pool with { ProviderKey = _control.Seal("fresh", _tenant.Id, SealedSecret.ProviderKeyKind, pool.Id.ToString()) };
        _tenant.PutPool(pool);
        _tenant.Put(models: _tenant.ModelOn(pool));
        await _gateway.ReachAsync(_control);

        await Until.TrueAsync(async () => await StatusAsync() == HttpStatusCode.OK);

        _upstream.Calls.Last().Headers["Authorization"].ShouldBe("Bearer fresh");
        _control.SecretsAsked.ShouldBe(1);
    }

    [Fact]
    public async Task A_message_for_another_group_is_nobodys_business()
    {
        var inbox = _gateway.Services.GetRequiredService<DeliveryInbox>();
        var gone = new ConfigResource(ConfigKinds.Tenant, _tenant.Id.ToString(), 1000, _tenant.Id, null);

        await inbox.PutAsync(new News.Changed(new(AgentGroupName.Parse("other"), _control.Epoch, 0, 1000, [gone])), Token);
        await _gateway.ReachAsync(_control);

        _gateway.Snapshot!.Revision.ShouldBe(_control.Revision);
        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);
    }

    private ConfigResource Revocation() =>
        _control.Put(ConfigKinds.KeyShard, $"{_tenant.Id}/0", _tenant.Id, new KeyShardDocument { TenantId = _tenant.Id });

    private TestTenant PutTenant()
    {
        var tenant = new TestTenant(_control, _gateway);
        var pool = tenant.Pool("vllm", _upstream.Url);
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pool));
        return tenant;
    }

    private async Task SendAsync(long from, ConfigResource resource) => await _gateway.Services.GetRequiredService<DeliveryInbox>().PutAsync(
        new News.Changed(new(_control.Group, _control.Epoch, from, resource.Revision, [resource])), Token);

    private async Task<HttpStatusCode> StatusAsync()
    {
        using var response = await _gateway.Http.SendAsync(_tenant.Request(_tenant.Body()), Token);
        return response.StatusCode;
    }
}
