namespace Platform.Gateway.Limits;

internal static class LimitsFeature
{
    /// <summary>Quotas: requests, tokens and requests at one time, of tenants, projects and keys.</summary>
    public static void AddLimits(this IHostApplicationBuilder builder) => builder.Services
        .AddSingleton<IQuotaWindows, LocalWindows>()
        .AddSingleton<QuotaStates>()
        .AddSingleton<OutputHistory>()
        .AddSingleton<Quotas>()
        .AddSingleton<QuotaGate>()
        .AddHostedService<QuotaSweep>();
}
