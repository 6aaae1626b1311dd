using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Gateway.Tests.World;

/// <summary>Tests that each start a gateway with settings of their own.</summary>
public abstract class OwnGatewayTests : IAsyncLifetime
{
    private protected FakeControl Control { get; } = new();

    /// <summary>Null until the test started it.</summary>
    private protected GatewayHost? Host { get; set; }

    public async ValueTask InitializeAsync()
    {
        await Control.StartAsync();
        Control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument { Peppers = [Control.PepperEntry()] });
    }

    public async ValueTask DisposeAsync()
    {
        if (Host is not null)
            await Host.DisposeAsync();
        await Control.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
