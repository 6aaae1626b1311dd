using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Tests.Limits;
using Platform.Control.Tests.Pools;
using static Platform.Control.Tests.Catalog.ModelSteps;

namespace Platform.Control.Tests.Catalog;

/// <summary>What agents hear of a model besides where it is: its context window, and how requests for it are tried.</summary>
public sealed class ModelRoutingTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly ModelRouting Routing = new(TrySeconds: 0, FallBackOnContextLength: true, HedgeAfterMs: 60_000);

    [Fact]
    public async Task It_is_stored_answered_and_delivered_and_gone_when_it_is_left_out()
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant);
        var request = Model(Fresh(), pool.Id) with { ContextWindow = 8192, Routing = Routing };

        var made = await admin.ModelAsync(tenant, request);
        var entry = (await control.OwnEntriesAsync(tenant)).Single();
        (await admin.GetAsync<ModelAnswer>($"{Models(tenant)}/{made.Id}")).Routing.ShouldBe(Routing);
        var without = await admin.ReplaceAsync<ModelAnswer>($"{Models(tenant)}/{made.Id}", request with { ContextWindow = null, Routing = new() });

        (made.Routing, entry.Routing, entry.ContextWindow).ShouldBe((Routing, Routing, 8192));
        without.Routing.ShouldBeNull();
        var after = (await control.OwnEntriesAsync(tenant)).Single();
        (after.Routing, after.ContextWindow).ShouldBe((null, null));
    }

    [Fact]
    public async Task A_shared_models_is_in_the_catalog_of_agents()
    {
        using var http = await control.OperatorAsync();
        var pool = await http.PoolAsync(TenantId.Platform);
        var name = Fresh();

        await http.ModelAsync(TenantId.Platform, Model(name, pool.Id) with { ContextWindow = 4096, Routing = Routing });

        var entry = await control.SharedEntryAsync(AgentGroupName.Default, name);
        (entry!.Routing, entry.ContextWindow).ShouldBe((Routing, 4096));
    }

    [Theory]
    [InlineData("""{"trySeconds":-1,"hedgeAfterMs":9}""")]
    [InlineData("""{"trySeconds":3601,"hedgeAfterMs":60001}""")]
    public async Task What_is_out_of_bounds_is_named(string routing)
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant);

        using var answer = await admin.SendTextAsync(HttpMethod.Post, Models(tenant), $$"""{"name":"m","targets":[{"poolId":"{{pool.Id}}"}],"routing":{{routing}}}""");

        await answer.ShouldFaultAsync("routing.trySeconds", "routing.hedgeAfterMs");
    }
}
