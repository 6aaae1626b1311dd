using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.Gateway.Enrolment;
using Platform.Hosting.Settings;

namespace Platform.Gateway.Life;

internal static class LifeFeature
{
    /// <summary>After the drain, the time in which usage is flushed.</summary>
    private const int FlushSeconds = 15;

    /// <summary>How the process leaves, and what it follows while it runs.</summary>
    public static void AddLife(this IHostApplicationBuilder builder)
    {
        var levels = new LogLevels.Source();
        builder.Configuration.Sources.Add(levels);
        builder.Services.AddSingleton(levels)
            .AddSingleton<ReloadedFiles, LogLevels>()
            .AddHostedService<ReloadLoop>();
        builder.Services.AddSingleton<Draining>()
            .AddHostedService(s => s.GetRequiredService<Draining>())
            .AddHealthChecks().AddCheck<DrainingCheck>("draining");
        builder.Services.AddOptions<HostOptions>().Configure<AgentSettings>(
            (host, agent) => host.ShutdownTimeout = TimeSpan.FromSeconds(agent.NoticeSeconds + agent.DrainSeconds + FlushSeconds));
    }

    /// <summary>First of all, so that every answer of a leaving agent says that it leaves.</summary>
    /// <exception cref="SettingsException">A file that the agent follows cannot be used.</exception>
    public static void UseLife(this WebApplication app)
    {
        foreach (var files in app.Services.GetServices<ReloadedFiles>())
            files.Load();
        var draining = app.Services.GetRequiredService<Draining>();
        app.Use(next => context =>
        {
            draining.TurnAway(context);
            return next(context);
        });
    }

    private sealed class DrainingCheck(Draining draining) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(draining.HasBegun ? HealthCheckResult.Unhealthy("draining") : HealthCheckResult.Healthy());
    }
}
