using System.Text.Json;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Usage;
using Platform.Gateway.Tests.World;
using Platform.TestKit.Upstream;

namespace Platform.Gateway.Tests.Clients;

/// <summary>An upstream that plays scripts, behind a gateway that knows some of its models; one tenant calls.</summary>
internal sealed class ClientWorld : IAsyncDisposable
{
    /// <summary>The models of the clients' scenarios, by the same name upstream.</summary>
    public static readonly string[] Models = ["sample-model", "slow", "shaky"];

    private ClientWorld(ScriptedUpstream upstream, TestTenant tenant) => (Upstream, Tenant) = (upstream, tenant);

    public ScriptedUpstream Upstream { get; }

    public TestTenant Tenant { get; }

    public Uri Url => Tenant.Gateway.Url;

    public string Key => Tenant.Key;

    public static async Task<ClientWorld> StartAsync(GatewayFixture fixture, string engine, Func<UpstreamRequest, Script> script)
    {
        var upstream = ScriptedUpstream.Start(script);
        var tenant = new TestTenant(fixture.Control, fixture.Gateway);
        var pool = tenant.Pool(engine, upstream.Url);
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: [.. Models.Select(name => Model(tenant, pool, name))]);
        await fixture.Gateway.ReachAsync(fixture.Control);
        return new(upstream, tenant);
    }

    public static bool Has(UpstreamRequest request, string member) =>
        request.Body.Length > 0 && request.Json().TryGetProperty(member, out var value) && value.ValueKind is not (JsonValueKind.False or JsonValueKind.Null);

    /// <summary>Records of a model, when there are so many.</summary>
    public async Task<IReadOnlyList<UsageRecord>> RecordsAsync(string model, int count)
    {
        await Until.TrueAsync(() => Of(model).Count >= count);
        return Of(model);
    }

    public async ValueTask DisposeAsync() => await Upstream.DisposeAsync();

    private IReadOnlyList<UsageRecord> Of(string model) => [.. Tenant.Records().Where(r => r.ModelAsked == model)];

    private static ModelEntry Model(TestTenant tenant, PoolDocument pool, string name) => new(
        ModelId.New(), ModelName.Parse(name), tenant.Slug, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), [new(pool.Id, name)]);
}
