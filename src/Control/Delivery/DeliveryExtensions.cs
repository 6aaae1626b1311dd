using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Platform.Control.Delivery;

internal static class DeliveryExtensions
{
    /// <summary>The compiler's parts, catch-up, and the publisher. Needs the data layer, the master key and the bus.</summary>
    public static void AddDelivery(this IHostApplicationBuilder builder)
    {
        builder.Services.AddConfigCompiler();
        builder.Services.AddSingleton<CatchUp>();
        builder.Services.AddSingleton<ConfigEpoch>();
        builder.Services.AddSingleton<PublisherSessions>();
        builder.Services.AddSingleton<ConfigBroadcast>();
        builder.Services.AddSingleton<ConfigPublisher>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ConfigPublisher>());
    }

    /// <summary>What compiles, without what publishes: enough for a command that writes and ends.</summary>
    public static void AddConfigCompiler(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton<DeliveryMeter>();
        services.TryAddSingleton<PoolCompiler>();
        services.TryAddSingleton<PlatformCompiler>();
        services.TryAddSingleton<TenantPolicies>();
        services.TryAddSingleton<ConfigCompiler>();
        services.TryAddSingleton<ConfigRebuild>();
    }
}
