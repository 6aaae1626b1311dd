using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Gateway.Tests.World;

/// <summary>One gateway with its Control for all tests of a class; each test brings its own tenant.</summary>
public sealed class GatewayFixture : IAsyncLifetime
{
    /// <summary>Of the gateway, as <c>Section:Name=value</c>.</summary>
    internal string[] Settings { get; init; } = [];

    internal FakeControl Control { get; } = new();

    internal GatewayHost Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Control.StartAsync();
        Control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument { Peppers = [Control.PepperEntry()] });
        Gateway = await GatewayHost.StartAsync(Control.Url, Control.Token, null, Settings);
        await Gateway.ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Control.DisposeAsync();
    }

    /// <summary>A tenant with a key, whose model is served by one pool with these endpoints.</summary>
    internal Task<TestTenant> TenantAsync(params Uri[] endpoints) => TenantAsync(Engines.Vllm, endpoints);

    internal async Task<TestTenant> TenantAsync(string engine, params Uri[] endpoints)
    {
        var tenant = new TestTenant(Control, Gateway);
        var pool = tenant.Pool(engine, endpoints);
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pool));
        await Gateway.ReachAsync(Control);
        return tenant;
    }
}
