using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Platform.Gateway.Requests;
using Platform.Hosting.Settings;

namespace Platform.Gateway.Api;

internal static class ApiFeature
{
    /// <summary>
    /// Of a body that is too large, so many times the bound is read and thrown away, for at most 5 s (Kestrel's own drain
    /// after an early answer): most clients read no answer before they have sent everything, and would see a reset
    /// connection instead of the 413.
    /// </summary>
    private const long DrainFactor = 8;

    private const long FormDrainFactor = 2;

    /// <summary>All that callers may ask of models.</summary>
    public static void AddApi(this IHostApplicationBuilder builder)
    {
        var limits = builder.AddSettings<LimitsSettings>("Limits");
        builder.Services.AddSingleton(new BufferBudget(limits)).AddSingleton<TenantBuffers>().AddSingleton<BodyReader>().AddSingleton<ApiEndpoint>();
        builder.Services.Configure<KestrelServerOptions>(o => o.Limits.MaxRequestBodySize = Math.Max(DrainFactor * limits.MaxBodyBytes, FormDrainFactor * limits.MaxFormBytes));
        // What Kestrel warns of is code that blocks; ours does not, and waking a thread for each event costs more than the event.
        builder.Services.Configure<SocketTransportOptions>(o => o.UnsafePreferInlineScheduling = true);
    }

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var endpoint = routes.ServiceProvider.GetRequiredService<ApiEndpoint>();
        foreach (var operation in OperationTable.All)
        {
            foreach (var route in operation.Routes)
                routes.MapPost(route, context => endpoint.HandleAsync(context, operation));
        }
    }
}
