using System.Text.Json;

namespace Platform.Control.Pools;

/// <summary>The names in an upstream's list of models, as OpenAI and Anthropic have it: <c>{"data":[{"id":"..."}]}</c>.</summary>
internal static class ModelList
{
    private const int MaxBytes = 1024 * 1024;
    private const int MaxModels = 100;
    private const int MaxNameLength = 200;

    /// <summary>Empty where the content is anything else, or longer than a list would be.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(HttpContent content, CancellationToken ct)
    {
        try
        {
            await content.LoadIntoBufferAsync(MaxBytes, ct);
            await using var body = await content.ReadAsStreamAsync(ct);
            using var json = await JsonDocument.ParseAsync(body, cancellationToken: ct);
            return json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array
                ? [.. data.EnumerateArray().Select(NameOf).OfType<string>().Take(MaxModels)]
                : [];
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            return [];
        }
    }

    private static string? NameOf(JsonElement model) =>
        model.ValueKind == JsonValueKind.Object && model.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
            && id.GetString() is { Length: > 0 and <= MaxNameLength } name && name.All(c => c is >= '!' and <= '~')
            ? name
            : null;
}
