using Microsoft.AspNetCore.Server.Kestrel.Core;
using Platform.Hosting.Settings;

namespace Platform.Gateway.Chat;

internal static class ChatFeature
{
    /// <summary>
    /// Of a body that is too large, so many times the bound is read and thrown away, for at most 5 s (Kestrel's own drain
    /// after an early answer): most clients read no answer before they have sent everything, and would see a reset
    /// connection instead of the 413.
    /// </summary>
    private const long DrainFactor = 8;

    /// <summary>Chat completions.</summary>
    public static void AddChat(this IHostApplicationBuilder builder)
    {
        var limits = builder.AddSettings<LimitsSettings>("Limits");
        builder.Services.AddSingleton<BufferBudget>().AddSingleton<ChatEndpoint>();
        builder.Services.Configure<KestrelServerOptions>(o => o.Limits.MaxRequestBodySize = DrainFactor * limits.MaxBodyBytes);
    }

    public static void MapChat(this IEndpointRouteBuilder routes)
    {
        var endpoint = routes.ServiceProvider.GetRequiredService<ChatEndpoint>();
        routes.MapPost("/v1/chat/completions", (RequestDelegate)endpoint.HandleAsync);
    }
}
