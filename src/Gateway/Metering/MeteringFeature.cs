using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.Hosting.Settings;

namespace Platform.Gateway.Metering;

internal static class MeteringFeature
{
    /// <summary>The journal and its way to Control. Ready while records can be written.</summary>
    public static void AddMetering(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<JournalSettings>("Journal");
        builder.Services
            .AddSingleton<JournalFile>()
            .AddSingleton<JournalSpace>()
            .AddSingleton<Journal>()
            .AddHostedService(s => s.GetRequiredService<Journal>())
            .AddHostedService<UsagePublisher>()
            .AddHostedService<JournalHeadsReporter>()
            .AddHealthChecks().AddCheck<JournalCheck>("journal");
    }

    private sealed class JournalCheck(JournalSpace space) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(space.IsFull ? HealthCheckResult.Unhealthy("the journal is full") : HealthCheckResult.Healthy());
    }
}
