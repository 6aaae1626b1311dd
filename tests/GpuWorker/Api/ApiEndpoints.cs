using Platform.GpuWorker.Options;

namespace Platform.GpuWorker.Api;

internal static class ApiEndpoints
{
    /// <summary>What <c>/version</c> says.</summary>
    public const string Version = "1.0-simulator";

    public static IServiceCollection AddApi(this IServiceCollection services) =>
        services.AddSingleton<GenerationHandler>().AddSingleton<ApiKeys>();

    /// <summary>OpenAI's routes under <c>/v1</c>, and vLLM's beside them.</summary>
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/chat/completions", (HttpContext context, GenerationHandler handler) => handler.HandleAsync(context, GenerationKind.Chat));
        routes.MapPost("/v1/completions", (HttpContext context, GenerationHandler handler) => handler.HandleAsync(context, GenerationKind.Completion));
        routes.MapGet("/v1/models", Models);
        routes.MapPost("/tokenize", TokenizeEndpoint.HandleAsync);
        routes.MapGet("/health", () => Results.Ok());
        routes.MapGet("/version", (WorkerOptions options) => Results.Json(new { version = Version, simulator = true, profile = options.Profile.Name }));
        routes.MapFallback((HttpContext context) => ApiError.NotFound.WriteAsync(context));
    }

    private static IResult Models(WorkerOptions options) => Results.Json(new
    {
        @object = "list",
        data = new[]
        {
            new
            {
                id = options.Model,
                @object = "model",
                created = 0,
                owned_by = "simulator",
                root = options.Model,
                max_model_len = options.EffectiveModelLength,
            },
        },
    });
}
