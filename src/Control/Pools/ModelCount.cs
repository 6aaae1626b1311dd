using System.Text.Json;

namespace Platform.Control.Pools;

/// <summary>How many models an upstream lists, as OpenAI and Anthropic have it: <c>{"data":[{"id":"..."}]}</c>.</summary>
internal static class ModelCount
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>0 where the content is anything else, or longer than a list would be.</summary>
    public static async Task<int> ReadAsync(HttpContent content, CancellationToken ct)
    {
        try
        {
            await content.LoadIntoBufferAsync(MaxBytes, ct);
            await using var body = await content.ReadAsStreamAsync(ct);
            using var json = await JsonDocument.ParseAsync(body, cancellationToken: ct);
            return json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array
                ? data.EnumerateArray().Count(IsModel)
                : 0;
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            return 0;
        }
    }

    private static bool IsModel(JsonElement model) =>
        model.ValueKind == JsonValueKind.Object && model.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String;
}
