using Platform.Hosting.Settings;

namespace Platform.Gateway.Routing;

internal static class RoutingFeature
{
    /// <summary>Which endpoint a request goes to.</summary>
    public static void AddRouting(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<RoutingSettings>("Routing");
        builder.Services
            .AddSingleton(Random.Shared)
            .AddSingleton<EndpointStates>()
            .AddSingleton<RetryBudgets>()
            .AddSingleton<IEndpointPicker, FewestInFlightPicker>()
            .AddSingleton<Router>();
    }
}
