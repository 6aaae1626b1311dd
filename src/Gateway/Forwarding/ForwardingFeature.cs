using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using Platform.Hosting.Settings;

namespace Platform.Gateway.Forwarding;

internal static class ForwardingFeature
{
    /// <summary>The way to the endpoints and back.</summary>
    public static void AddForwarding(this IHostApplicationBuilder builder)
    {
        // Where traces are exported, the instrumentation of HTTP clients adds what this one writes, by default baggage too.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        builder.AddSettings<UpstreamSettings>("Upstream");
        builder.Services.AddHttpForwarder()
            .AddSingleton<UpstreamClients>()
            .AddSingleton<DrainDeadline>()
            .AddSingleton<TenantRuns>()
            .AddSingleton<UsageMeter>()
            .AddSingleton<RequestPolicies>()
            .AddSingleton<DetachedReads>()
            .AddSingleton<CallerWriter>()
            .AddSingleton<StreamRelay>()
            .AddSingleton<PlainRelay>()
            .AddSingleton<BytesRelay>()
            .AddSingleton<Relays>()
            .AddSingleton<TryClocks>()
            .AddSingleton<EndpointCall>()
            .AddSingleton<Hedges>()
            .AddSingleton<Dispatcher>();
    }
}
