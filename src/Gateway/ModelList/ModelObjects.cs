using System.Text.Json.Serialization;
using Platform.Contracts.Configuration;

namespace Platform.Gateway.ModelList;

/// <summary>OpenAI's <c>ListModelsResponse</c>.</summary>
internal sealed record ModelPage(string Object, IReadOnlyList<ModelObject> Data);

/// <summary>OpenAI's <c>Model</c>. <paramref name="Created"/> in unix seconds.</summary>
internal sealed record ModelObject(string Id, string Object, long Created, string OwnedBy, long? ShutdownDate)
{
    public static ModelObject From(ModelEntry model) => new(model.Name.Value, "model", model.Created.ToUnixTimeSeconds(), model.OwnedBy, null);
}

/// <summary>Anthropic's <c>ModelInfo</c>. <paramref name="CreatedAt"/> as RFC 3339 has it, in whole seconds.</summary>
internal sealed record ModelInfo(string Type, string Id, string DisplayName, string CreatedAt)
{
    public static ModelInfo From(ModelEntry model) => new(
        "model", model.Name.Value, model.Name.Value, model.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ModelPage))]
[JsonSerializable(typeof(ModelInfoPage))]
internal sealed partial class ModelListJson : JsonSerializerContext;
