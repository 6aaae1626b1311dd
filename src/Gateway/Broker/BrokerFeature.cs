namespace Platform.Gateway.Broker;

internal static class BrokerFeature
{
    /// <summary>How the agent publishes.</summary>
    public static void AddBroker(this IHostApplicationBuilder builder) => builder.Services
        .AddSingleton<BrokerConnection>()
        .AddTransient<AgentPublisher>();
}
