using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.Hosting.Settings;

namespace Platform.Gateway.Enrolment;

internal static class EnrolmentFeature
{
    /// <summary>Who this agent is: identity on disk, first enrolment, tokens for Control, secrets. Ready once enrolled.</summary>
    public static void AddEnrolment(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<AgentSettings>("Agent");
        builder.Services
            .AddSingleton<DataDirectory>()
            .AddSingleton<IdentityFile>()
            .AddSingleton<Agent>()
            .AddSingleton<AgentTokens>()
            .AddSingleton<ControlClient>()
            .AddSingleton<SecretsRenewal>()
            .AddHostedService<IdentityLoader>()
            .AddHostedService<Enroller>()
            .AddHealthChecks().AddCheck<EnrolmentCheck>("enrolment");
    }

    private sealed class EnrolmentCheck(Agent agent) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(agent.Current is null ? HealthCheckResult.Unhealthy("not enrolled") : HealthCheckResult.Healthy());
    }
}
