using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Platform.TestKit.Streams;

namespace Platform.TestKit.Wire;

/// <summary>JSON as the providers write it: compact, nulls written, characters beyond ASCII as they are.</summary>
internal static partial class WireJson
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The serializer escapes what lies beyond the basic plane whatever its encoder; providers do not.</summary>
    public static string Text(JsonObject json) => Escape().Replace(json.ToJsonString(Options), Unescaped);

    public static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(Text(json));

    public static SseEvent Data(JsonObject json) => SseEvent.OfData(Text(json));

    /// <summary>An event that bears its type as its name too.</summary>
    public static SseEvent Named(JsonObject json) => new((string)json["type"]!, Text(json));

    public static JsonArray Array(IEnumerable<JsonNode?> nodes) => [.. nodes];

    private static string Unescaped(Match escape) => escape.Groups[1].Success
        ? string.Concat((char)Convert.ToUInt16(escape.Groups[1].Value, 16), (char)Convert.ToUInt16(escape.Groups[2].Value, 16))
        : escape.Value;

    [GeneratedRegex(@"\\(?:u(D[89AB][0-9A-F]{2})\\u(D[C-F][0-9A-F]{2})|.)")]
    private static partial Regex Escape();
}
