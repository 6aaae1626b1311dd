using System.Text.Json.Serialization;
using Platform.Contracts.Configuration;
using Platform.Gateway.Authentication;
using Platform.Gateway.Errors;

namespace Platform.Gateway.ModelList;

internal static class ModelListFeature
{
    /// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>: what the key may use, the tenant's own models first.</summary>
    public static void MapModelList(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models", ListAsync);
        routes.MapGet("/v1/models/{**id}", GetAsync);
    }

    private static Task ListAsync(HttpContext context, KeyAuthenticator authenticator)
    {
        var (caller, error) = authenticator.Authenticate(context.Request);
        if (caller is null)
            return ApiErrorWriter.WriteAsync(context, error!);
        var models = VisibleModels.Of(caller).Select(ModelObject.From).ToList();
        return context.Response.WriteAsJsonAsync(new("list", models), ModelListJson.Default.ModelPage, null, context.RequestAborted);
    }

    private static Task GetAsync(HttpContext context, string? id, KeyAuthenticator authenticator)
    {
        var (caller, error) = authenticator.Authenticate(context.Request);
        if (caller is null)
            return ApiErrorWriter.WriteAsync(context, error!);
        var name = Uri.UnescapeDataString(id ?? ""); // Kestrel leaves %2F as it is.
        return VisibleModels.Resolve(caller, name) is { } model
            ? context.Response.WriteAsJsonAsync(ModelObject.From(model), ModelListJson.Default.ModelObject, null, context.RequestAborted)
            : ApiErrorWriter.WriteAsync(context, ApiErrors.ModelNotFound(name));
    }
}

/// <summary>OpenAI's <c>ListModelsResponse</c>.</summary>
internal sealed record ModelPage(string Object, IReadOnlyList<ModelObject> Data);

/// <summary>OpenAI's <c>Model</c>. <paramref name="Created"/> in unix seconds.</summary>
internal sealed record ModelObject(string Id, string Object, long Created, string OwnedBy, long? ShutdownDate)
{
    public static ModelObject From(ModelEntry model) => new(model.Name.Value, "model", model.Created.ToUnixTimeSeconds(), model.OwnedBy, null);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ModelPage))]
internal sealed partial class ModelListJson : JsonSerializerContext;
