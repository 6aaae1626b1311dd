using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Platform.Hosting.Health;
using Platform.Hosting.Listening;
using Platform.Hosting.Settings;
using Platform.Hosting.Telemetry;

namespace Platform.Hosting;

/// <summary>What every deployable has: logs, metrics, traces, health.</summary>
public static class PlatformDefaults
{
    /// <summary>What frameworks say of every request is asked for by settings, or not written.</summary>
    private static readonly string[] Quiet = ["Microsoft.AspNetCore", "Yarp", "System.Net.Http"];

    /// <summary>Says an error at each question of a balancer that gets a "not ready", which the answer says already.</summary>
    private const string HealthChecks = "Microsoft.Extensions.Diagnostics.HealthChecks";

    private const string RequestSpans = "Microsoft.AspNetCore.Hosting.Diagnostics";
    private const string Connections = "Microsoft.AspNetCore.Server.Kestrel";

    /// <summary>
    /// Logs as JSON lines; metrics of ASP.NET Core, HTTP clients, the runtime and <paramref name="sources"/> (meter and
    /// activity source names); their traces too where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says who takes them. Without it
    /// nothing is traced.
    /// </summary>
    public static WebApplicationBuilder AddPlatformDefaults(this WebApplicationBuilder builder, string serviceName, params string[] sources) =>
        builder.AddPlatformDefaults(serviceName, RequestTelemetry.Frameworks, sources);

    /// <inheritdoc cref="AddPlatformDefaults(WebApplicationBuilder, string, string[])"/>
    public static WebApplicationBuilder AddPlatformDefaults(
        this WebApplicationBuilder builder, string serviceName, RequestTelemetry requests, params string[] sources)
    {
        var isTraced = !string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        List<KeyValuePair<string, string?>> levels = [.. Quiet.Select(c => Level(c, LogLevel.Warning)), Level(HealthChecks, LogLevel.Critical)];
        // What could log makes a span and a scope for each request, for nobody.
        if (requests == RequestTelemetry.OwnAlone && !isTraced)
            levels.Add(Level(RequestSpans, LogLevel.None));
        // First of the sources, so that every other one has the last word, and a reload too.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = levels });
        builder.Logging.ClearProviders().AddJsonConsole(o =>
        {
            o.UseUtcTimestamp = true;
            o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
        builder.WebHost.ConfigureKestrel(o => o.AddServerHeader = false);
        var settings = builder.AddSettings<TelemetrySettings>("Telemetry");
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(r => r.AddService(serviceName))
            .WithMetrics(m =>
            {
                m.AddMeter(sources).AddRuntimeInstrumentation();
                if (requests == RequestTelemetry.Frameworks)
                    m.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation();
                else
                    m.AddMeter(Connections);
                if (settings.MetricsPort > 0)
                    m.AddPrometheusExporter();
            });
        if (isTraced)
        {
            // No baggage: what a caller attached for its own services is for none of ours, nor for an engine.
            Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
            telemetry
                .WithTracing(t =>
                {
                    t.AddSource(sources).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation();
                    if (settings.SampleRatio < 1)
                        t.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.SampleRatio)));
                })
                .UseOtlpExporter();
        }
        if (settings.MetricsPort > 0)
            builder.AddListeners(kestrel => kestrel.ListenAt(string.Create(CultureInfo.InvariantCulture, $"http://{settings.MetricsAddress}:{settings.MetricsPort}")));
        builder.Services.AddPlatformHealth();
        return builder;
    }

    /// <summary>Maps <c>/healthz</c>, <c>/readyz</c> and, on its own port, <c>/metrics</c>.</summary>
    public static WebApplication MapPlatformDefaults(this WebApplication app)
    {
        app.MapPlatformHealth();
        var port = app.Services.GetRequiredService<TelemetrySettings>().MetricsPort;
        // By the port that the connection came to: the Host header is the caller's.
        if (port > 0)
            app.UseOpenTelemetryPrometheusScrapingEndpoint(context => context.Connection.LocalPort == port && context.Request.Path == "/metrics");
        return app;
    }

    private static KeyValuePair<string, string?> Level(string category, LogLevel level) => new($"Logging:LogLevel:{category}", level.ToString());
}
