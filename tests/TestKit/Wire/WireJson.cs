using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.TestKit.Streams;

namespace Platform.TestKit.Wire;

/// <summary>JSON as the providers write it: compact, nulls written, characters beyond ASCII as they are.</summary>
internal static class WireJson
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(JsonObject json) => json.ToJsonString(Options);

    public static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(Text(json));

    public static SseEvent Data(JsonObject json) => SseEvent.OfData(Text(json));

    /// <summary>An event that bears its type as its name too.</summary>
    public static SseEvent Named(JsonObject json) => new((string)json["type"]!, Text(json));

    public static JsonArray Array(IEnumerable<JsonNode?> nodes) => [.. nodes];
}
