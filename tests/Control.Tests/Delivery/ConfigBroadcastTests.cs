using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Contracts.Ids;
using Platform.Control.Bus;
using Platform.Control.Delivery;
using Platform.Local.Processes;

namespace Platform.Control.Tests.Delivery;

public sealed class ConfigBroadcastTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_broker_a_send_ends_in_time_and_control_stays_ready()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Broker:Host"] = "127.0.0.1",
            ["Broker:Port"] = FreePorts.Take(1)[0].ToString(CultureInfo.InvariantCulture),
            ["Broker:User"] = "nobody",
            ["Broker:Password"] = "nothing",
        });
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<ConfigBroadcast>();
        builder.Services.AddHealthChecks();
        builder.AddControlBus();
        using var host = builder.Build();
        await host.StartAsync(Ct);
        var broadcast = host.Services.GetRequiredService<ConfigBroadcast>();

        for (var i = 0; i < 2; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await Should.ThrowAsync<TimeoutException>(() => broadcast.SendHeadAsync(AgentGroupName.Default, Guid.NewGuid(), 1, Ct));
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(4));
        }
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Ct);
        health.Status.ShouldBe(HealthStatus.Degraded);
        await host.StopAsync(Ct);
    }
}
