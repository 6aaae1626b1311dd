using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Platform.Gateway.Answers;

namespace Platform.Gateway.Tests.Translation;

/// <summary>Streams as a caller reads them.</summary>
internal static class Streams
{
    private static readonly string[] Pieces = ["a", " é", "世界", "\"\\", "\n\t", "😀", "{\"x\":", "}", "\u0001", "/"];

    /// <summary>What the caller gets of the whole, its last event too where one is due.</summary>
    public static (string Text, EventPolicy Policy) Run(string source, Func<AnswerMeter, EventPolicy> policy, AnswerMeter meter)
    {
        var output = new ArrayBufferWriter<byte>();
        using var stream = new EventStream(policy(meter), 1024 * 1024);
        for (var rest = Encoding.UTF8.GetBytes(source).AsSpan(); rest.Length > 0 && !stream.IsDone;)
        {
            var space = stream.Space().Span;
            var count = Math.Min(space.Length, rest.Length);
            rest[..count].CopyTo(space);
            rest = rest[count..];
            stream.Advance(count, output);
        }
        if (stream.IsDone || stream.Policy.OwesLast)
            stream.Policy.WriteLast(output);
        return (Encoding.UTF8.GetString(output.WrittenSpan), stream.Policy);
    }

    public static string Piece(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    /// <summary>The JSON of each event.</summary>
    public static List<JsonObject> Data(string text) =>
    [
        .. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e.Split("data: ")[1]).Where(d => d != "[DONE]").Select(d => JsonNode.Parse(d)!.AsObject()),
    ];

    public static string Joined(IEnumerable<JsonObject> events, string delta) => string.Concat(events.Select(e => (string?)e["delta"]?[delta]));
}
