using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Gateway.Tests.World;

/// <summary>What an agent's first run leaves on disk for a process to start with.</summary>
internal static class EnrolledDirectory
{
    /// <summary>With a tenant of the test's own in its configuration, served by these endpoints.</summary>
    public static async Task<TestTenant> PrepareAsync(FakeControl control, string directory, params Uri[] upstreams)
    {
        control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument { Peppers = [control.PepperEntry()] });
        var gateway = await GatewayHost.StartAsync(control.Url, control.Token, directory);
        var tenant = new TestTenant(control, gateway);
        var pool = tenant.Pool("vllm", upstreams);
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pool));
        await CatchUpAsync(control, gateway);
        return tenant;
    }

    /// <summary>Another agent's, with all that Control has.</summary>
    public static async Task PrepareAnotherAsync(FakeControl control, string directory) =>
        await CatchUpAsync(control, await GatewayHost.StartAsync(control.Url, control.Token, directory));

    private static async Task CatchUpAsync(FakeControl control, GatewayHost gateway)
    {
        await gateway.ReadyAsync();
        await gateway.ReachAsync(control);
        await gateway.StopAsync();
    }
}
