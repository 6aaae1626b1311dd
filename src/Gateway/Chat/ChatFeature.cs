using Microsoft.AspNetCore.Server.Kestrel.Core;
using Platform.Hosting.Settings;

namespace Platform.Gateway.Chat;

internal static class ChatFeature
{
    /// <summary>Chat completions.</summary>
    public static void AddChat(this IHostApplicationBuilder builder)
    {
        var limits = builder.AddSettings<LimitsSettings>("Limits");
        builder.Services.AddSingleton<BufferBudget>().AddSingleton<ChatEndpoint>();
        builder.Services.Configure<KestrelServerOptions>(o => o.Limits.MaxRequestBodySize = limits.MaxBodyBytes + 1L);
    }

    public static void MapChat(this IEndpointRouteBuilder routes)
    {
        var endpoint = routes.ServiceProvider.GetRequiredService<ChatEndpoint>();
        routes.MapPost("/v1/chat/completions", (RequestDelegate)endpoint.HandleAsync);
    }
}
