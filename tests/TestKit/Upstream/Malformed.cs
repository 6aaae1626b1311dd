using Platform.TestKit.Streams;

namespace Platform.TestKit.Upstream;

/// <summary>Answers that break a rule, each in one way.</summary>
public static class Malformed
{
    /// <summary>The body stops in the middle, its length agreeing with what was sent.</summary>
    public static Script CutJson(ReadOnlySpan<byte> json) => Script.Json(json[..(json.Length / 2)].ToArray());

    /// <summary>The length promises the whole body; half of it comes, then FIN.</summary>
    public static Script ShortBody(ReadOnlyMemory<byte> json) => Script
        .Answer(200, Framing.OfLength(json.Length), ("content-type", "application/json")).Write(json[..(json.Length / 2)]).Close();

    /// <summary>A proper answer with an HTML page where JSON was due.</summary>
    public static Script Html(int status = 200) => Script.Body(status, "text/html", "<html><body>Bad Gateway</body></html>"u8.ToArray());

    /// <summary>A chunk whose size is no number, behind some good events.</summary>
    public static Script ChunkHeader(IEnumerable<SseEvent> before) => Script.Events(before).Raw("xyz\r\ndata: {}\n\n\r\n").Close();

    /// <summary>A chunk that is longer than it said.</summary>
    public static Script LongChunk(IEnumerable<SseEvent> before) => Script.Events(before).Raw("2\r\ndata: {}\n\n\r\n").Close();

    /// <summary>A chunked stream that ends by FIN, its last event whole, its last chunk missing.</summary>
    public static Script NoLastChunk(IEnumerable<SseEvent> events) => Script.Events(events).Close();

    /// <summary>Good events, then one whose data is no JSON, then the others.</summary>
    public static Script EventData(IEnumerable<SseEvent> before, IEnumerable<SseEvent> after) =>
        Script.Events([.. before, SseEvent.OfData("{\"id\":"), .. after]);

    /// <summary>The stream's last event has no empty line behind it, though HTTP ends properly.</summary>
    public static Script CutEvent(IReadOnlyList<SseEvent> events)
    {
        var last = events[^1].ToBytes();
        return Script.Events(events.Take(events.Count - 1)).Write(last.AsMemory(0, Math.Max(1, last.Length / 2)));
    }

    public static Script StatusLine { get; } = Script.Empty.Raw("HTTP/9 two hundred\r\n\r\n").Close();

    public static Script HeaderLine { get; } = Script.Empty.Raw("HTTP/1.1 200 OK\r\nno colon here\r\ncontent-length: 0\r\n\r\n").Close();

    /// <summary>Two lengths that disagree (RFC 9112, 6.3: a client must refuse it).</summary>
    public static Script TwoLengths { get; } = Script.Empty.Raw("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 5\r\n\r\n{}   ").Close();

    /// <summary>The caller's connection ends before a byte was answered.</summary>
    public static Script NothingThenFin { get; } = Script.Empty.Close();

    public static Script NothingThenReset { get; } = Script.Empty.Reset();
}
