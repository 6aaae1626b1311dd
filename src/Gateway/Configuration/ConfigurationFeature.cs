using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.Gateway.Configuration;

internal static class ConfigurationFeature
{
    /// <summary>The snapshot that requests are served from, and its copy on disk. Ready once there is one.</summary>
    public static void AddConfigurationSnapshot(this IHostApplicationBuilder builder) => builder.Services
        .AddSingleton<CurrentSnapshot>()
        .AddSingleton<ControlContact>()
        .AddSingleton<SnapshotStore>()
        .AddHostedService<SnapshotLoader>()
        .AddHealthChecks().AddCheck<SnapshotCheck>("configuration");

    private sealed class SnapshotCheck(CurrentSnapshot current) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(current.Value is null ? HealthCheckResult.Unhealthy("no configuration yet") : HealthCheckResult.Healthy());
    }
}
