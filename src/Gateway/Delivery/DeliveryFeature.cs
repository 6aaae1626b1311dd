using Platform.Hosting.Settings;

namespace Platform.Gateway.Delivery;

internal static class DeliveryFeature
{
    /// <summary>How configuration arrives, and what Control hears about it.</summary>
    public static void AddDelivery(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<DeliverySettings>("Delivery");
        builder.Services
            .AddSingleton<DeliveryInbox>()
            .AddSingleton<ConfigApplier>()
            .AddHostedService<DeliveryLoop>()
            .AddHostedService<BusSession>()
            .AddHostedService<AppliedReporter>();
    }
}
