using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Platform.GpuWorker.Api;
using Platform.GpuWorker.Faults;
using Platform.GpuWorker.Metrics;
using Platform.GpuWorker.Options;
using Platform.GpuWorker.RequestLog;
using Platform.GpuWorker.Serving;

namespace Platform.GpuWorker;

/// <summary>One worker: its web application, and where it listens once started.</summary>
internal static class WorkerApp
{
    // 131,072 tokens of 4 bytes, each escaped as \u00XX at worst, and what is around them.
    private const long MostBodyBytes = 16 << 20;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);

    public static WebApplication Build(WorkerOptions options)
    {
        // Empty: nothing but the command line configures a worker, no environment variable and no file.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopLimit);
        builder.Services.AddRoutingCore().AddSingleton(TimeProvider.System).AddSingleton(options)
            .AddFaults(options).AddRequestLog(options).AddEngineMetrics().AddServing().AddApi();
        var app = builder.Build();
        app.Use((HttpContext context, RequestDelegate next) => DcgmConnection.Allows(context) ? next(context) : ApiError.NotFound.WriteAsync(context));
        app.Use(app.Services.GetRequiredService<ApiKeys>().CheckAsync);
        app.UseRouting();
        app.MapApi();
        app.MapEngineMetrics();
        app.MapFaults();
        return app;
    }

    /// <summary>The API's address, and the one of the GPUs' metrics when there is a second port. Valid once started.</summary>
    public static (Uri Api, Uri? Dcgm) Addresses(WebApplication app)
    {
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return bound.ToArray() is [var api, .. var others] ? (new(api), others is [var dcgm] ? new(dcgm) : null)
            : throw new InvalidOperationException("The worker does not listen.");
    }

    private static void Configure(KestrelServerOptions kestrel, WorkerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
        kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http1);
        kestrel.Listen(IPAddress.Loopback, options.Port);
        if (options.DcgmPort is { } port)
            kestrel.Listen(IPAddress.Loopback, port, DcgmConnection.MarkAll);
    }
}
