using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;
using Platform.Gateway.Delivery;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests.UnderLoad;

[Collection(nameof(LoadCollection))]
public sealed class ConfigurationSwapTests(GatewayFixture fixture, ITestOutputHelper output) : IClassFixture<GatewayFixture>
{
    private const int Swaps = 300;
    private const int Requests = 600;

    /// <summary>Between two swaps, where the machine is fast enough.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_hundred_swaps_a_second_of_tenant_pool_and_keys_fail_no_request()
    {
        await using var first = await SlowUpstream.StartAsync();
        await using var second = await SlowUpstream.StartAsync();
        var tenant = await fixture.TenantAsync(first.Url);
        var pool = tenant.Pool("vllm", first.Url, second.Url);
        var model = tenant.ModelOn(pool);
        var key = tenant.KeyEntry();
        await SendAsync(
            fixture.Control.Revision,
            Put(ConfigKinds.Pool, pool.Id.ToString(), tenant, pool), Put(ConfigKinds.Tenant, tenant.Id.ToString(), tenant, tenant.Document(model)));
        await fixture.Gateway.ReachAsync(fixture.Control);
        var swaps = 0;
        await using var callers = new Callers(12, streamed => tenant.PostAsync(tenant.Body(streamed)));

        var clock = Stopwatch.StartNew();
        for (; swaps < Swaps || callers.Outcomes.Count < Requests; swaps++)
        {
            clock.Elapsed.ShouldBeLessThan(Deadline, $"{swaps} swaps, {callers.Outcomes.Count} requests");
            var before = fixture.Control.Revision;
            await SendAsync(before, Swap(swaps, tenant, pool, model, key));
            if (Period * (swaps + 1) - clock.Elapsed is { Ticks: > 0 } rest)
                await Task.Delay(rest, TestContext.Current.CancellationToken);
        }
        var seconds = clock.Elapsed.TotalSeconds;
        await callers.StopAsync();

        output.WriteLine($"{swaps} swaps in {seconds:F1} s, {callers.Outcomes.Count} requests");
        callers.Failed.ShouldBeEmpty();
        callers.Outcomes.Count(o => o.Streamed).ShouldBeGreaterThan(50);
        await Until.TrueAsync(() => fixture.Gateway.Snapshot!.Revision == fixture.Control.Revision);
        second.Calls.ShouldNotBeEmpty();
        tenant.Records().Select(r => r.ConfigRevision).Distinct().Count().ShouldBeGreaterThan(50);
    }

    /// <summary>A pool loses and regains its second endpoint, a tenant a second model, a shard a second key.</summary>
    private ConfigResource Swap(int number, TestTenant tenant, PoolDocument pool, ModelEntry model, ApiKeyEntry key)
    {
        var small = number / 3 % 2 == 0;
        return (number % 3) switch
        {
            0 => Put(ConfigKinds.Pool, pool.Id.ToString(), tenant, small ? pool with { Endpoints = [pool.Endpoints[0]] } : pool),
            1 => Put(ConfigKinds.Tenant, tenant.Id.ToString(), tenant, small ? tenant.Document(model) : tenant.Document(model, model with { Id = ModelId.New(), Name = ModelName.Parse("another") })),
            _ => Put(
                ConfigKinds.KeyShard, $"{tenant.Id}/0", tenant,
                new KeyShardDocument { TenantId = tenant.Id, Keys = small ? [key] : [tenant.KeyEntry(ApiKeyFormat.Generate()), key] }),
        };
    }

    private ConfigResource Put<T>(string kind, string key, TestTenant tenant, T document)
        where T : class => fixture.Control.Put(kind, key, tenant.Id, document);

    private async Task SendAsync(long from, params ConfigResource[] resources) =>
        await fixture.Gateway.Services.GetRequiredService<DeliveryInbox>().PutAsync(
            new News.Changed(new ConfigChanged(fixture.Control.Group, fixture.Control.Epoch, from, fixture.Control.Revision, resources)),
            TestContext.Current.CancellationToken);
}
