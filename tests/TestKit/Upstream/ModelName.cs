using System.Text;
using System.Text.Json;

namespace Platform.TestKit.Upstream;

/// <summary>Finds the model that a request's body names.</summary>
internal static class ModelName
{
    public static string? Of(byte[] body)
    {
        if (body.Length == 0)
            return null;
        return body.AsSpan().StartsWith("--"u8) ? OfForm(body) : OfJson(body);
    }

    private static string? OfJson(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new() { MaxDepth = 512 });
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String
                ? model.GetString()
                : null;
        }
        catch (JsonException)
        {
            // Tests send broken bodies on purpose; such a one names no model.
            return null;
        }
    }

    private static string? OfForm(byte[] body)
    {
        var text = Encoding.Latin1.GetString(body);
        var at = text.IndexOf("name=model", StringComparison.Ordinal);
        if (at < 0)
            at = text.IndexOf("name=\"model\"", StringComparison.Ordinal);
        var start = at < 0 ? -1 : text.IndexOf("\r\n\r\n", at, StringComparison.Ordinal);
        var end = start < 0 ? -1 : text.IndexOf("\r\n", start + 4, StringComparison.Ordinal);
        return end < 0 ? null : text[(start + 4)..end];
    }
}
