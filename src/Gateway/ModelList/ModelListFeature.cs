using Platform.Gateway.Authentication;
using Platform.Gateway.Errors;

namespace Platform.Gateway.ModelList;

internal static class ModelListFeature
{
    /// <summary>Anthropic's clients always send it, and read models in their own shape.</summary>
    private const string VersionHeader = "anthropic-version";

    /// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>: what the key may use, the tenant's own models first.</summary>
    public static void MapModelList(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models", ListAsync);
        routes.MapGet("/v1/models/{**id}", GetAsync);
    }

    private static Task ListAsync(HttpContext context, KeyAuthenticator authenticator)
    {
        var isAnthropics = SetShape(context);
        var (caller, error) = authenticator.Authenticate(context.Request);
        if (caller is null)
            return ApiErrorWriter.WriteAsync(context, error!);
        if (!isAnthropics)
        {
            var models = VisibleModels.Of(caller).Select(ModelObject.From).ToList();
            return context.Response.WriteAsJsonAsync(new("list", models), ModelListJson.Default.ModelPage, null, context.RequestAborted);
        }
        var (page, invalid) = ModelInfoPage.Of(VisibleModels.Of(caller), context.Request.Query);
        return page is null
            ? ApiErrorWriter.WriteAsync(context, invalid!)
            : context.Response.WriteAsJsonAsync(page, ModelListJson.Default.ModelInfoPage, null, context.RequestAborted);
    }

    private static Task GetAsync(HttpContext context, string? id, KeyAuthenticator authenticator)
    {
        var isAnthropics = SetShape(context);
        var (caller, error) = authenticator.Authenticate(context.Request);
        if (caller is null)
            return ApiErrorWriter.WriteAsync(context, error!);
        var name = Uri.UnescapeDataString(id ?? ""); // Kestrel leaves %2F as it is.
        if (VisibleModels.Resolve(caller, name) is not { } model)
            return ApiErrorWriter.WriteAsync(context, ApiErrors.ModelNotFound(name));
        return isAnthropics
            ? context.Response.WriteAsJsonAsync(ModelInfo.From(model), ModelListJson.Default.ModelInfo, null, context.RequestAborted)
            : context.Response.WriteAsJsonAsync(ModelObject.From(model), ModelListJson.Default.ModelObject, null, context.RequestAborted);
    }

    /// <summary>Errors have the answer's shape.</summary>
    private static bool SetShape(HttpContext context)
    {
        if (!context.Request.Headers.ContainsKey(VersionHeader))
            return false;
        context.Features.Set<ErrorShape>(AnthropicErrors.Shape);
        return true;
    }
}
