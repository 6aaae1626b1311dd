using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.Hosting.Bus;
using Platform.Hosting.Settings;

namespace Platform.Control.Bus;

internal static class ControlBus
{
    /// <summary>
    /// The connection to RabbitMQ, with a receive endpoint for each registered <see cref="AgentQueue"/>. It starts in the
    /// background and comes back by itself; its state is reported in <c>/readyz</c>, but never makes Control unready:
    /// agents catch up over HTTP.
    /// </summary>
    public static void AddControlBus(this IHostApplicationBuilder builder)
    {
        var settings = builder.AddSettings<BrokerSettings>("Broker");
        builder.Services.AddSingleton<BusMeter>();
        builder.Services.AddSingleton<Persistence>();
        builder.Services.AddMassTransit(registration =>
        {
            registration.ConfigureHealthCheckOptions(o => o.MinimalFailureStatus = HealthStatus.Degraded);
            registration.UsingRabbitMq((context, bus) =>
            {
                bus.UseBroker(settings.Access, "platform-control");
                var stopping = context.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
                foreach (var queue in context.GetServices<AgentQueue>())
                    queue.Configure(bus, stopping);
            });
        });
    }
}
