using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Metrics;
using Platform.Hosting.Settings;

namespace Platform.Gateway.Telemetry;

internal static class TelemetryFeature
{
    /// <summary>A series may have so many: one for each type of token, and for each of the errors that do occur.</summary>
    private const int PointsOfSeries = 4;

    private const int LeastPoints = 2000;

    /// <summary>What requests are measured by, and what their spans say where they are traced.</summary>
    public static void AddRequestTelemetry(this IHostApplicationBuilder builder)
    {
        var settings = builder.AddSettings<MetricsSettings>("Metrics");
        builder.Services.AddSingleton<SeriesTable>().AddSingleton<GatewayMetrics>();
        builder.Services.Configure<AspNetCoreTraceInstrumentationOptions>(
            o => o.EnrichWithHttpResponse = static (span, response) => RequestSpans.Describe(span, response.HttpContext));
        var points = Math.Max(LeastPoints, settings.MaxSeries * PointsOfSeries);
        builder.Services.ConfigureOpenTelemetryMeterProvider(m => m.AddView(
            instrument => instrument.Meter.Name == TelemetryNames.Source ? new MetricStreamConfiguration { CardinalityLimit = points } : null));
    }
}
