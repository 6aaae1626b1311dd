using System.Globalization;
using System.Text;
using Platform.TestKit.Streams;
using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;
using static Platform.TestKit.Upstream.Script;

namespace Platform.Gateway.Tests.Faults;

/// <summary>Every fault that a scripted engine has.</summary>
internal static class FaultTable
{
    public const int MaxEventBytes = 64 * 1024;
    public const int MaxAnswerBytes = 256 * 1024;

    private static readonly (string Name, string Value) JsonType = ("content-type", "application/json");

    private static readonly Sight Whole = new Sight.Whole();
    private static readonly Sight Failed = new Sight.Refused(502, "upstream_failed");
    private static readonly Sight Busy = new Sight.Refused(429, "slow_down");
    private static readonly Sight Broken = new Sight.Broken("upstream_failed");
    private static readonly Sight TooLarge = new Sight.Refused(502, "answer_too_large");

    /// <summary>Faults that take their time: until the gateway has had enough.</summary>
    public static readonly IReadOnlyList<Fault> Stalls =
    [
        Fault.OfBoth("no head", NeverAnswer, new Sight.Refused(504, "upstream_timeout")),
        Fault.OfBoth("half a head", Empty.Raw("HTTP/1.1 200 OK\r\ncontent-").StallForever(), new Sight.Refused(504, "upstream_timeout")),
        Fault.OfPlain("half a body", d => Answer(200, Framing.OfLength(d.Plain.Length), JsonType).Write(d.Plain.AsMemory(0, 40)).StallForever(), new Sight.Refused(504, "upstream_timeout")),
        Fault.OfStream("no event", d => Stream().StallForever(), new Sight.Refused(504, "upstream_timeout")),
        Fault.OfStream("between two events", d => Begun(d).StallForever(), new Sight.Broken("upstream_timeout")),
        Fault.OfStream("within an event", d => Begun(d).Write("data: {\"id\":").StallForever(), new Sight.Broken("upstream_timeout")),
    ];

    public static readonly IReadOnlyList<Fault> All =
    [
        .. Statuses(), .. Heads(), .. Bodies(), .. Streams(),
    ];

    private static IEnumerable<Fault> Statuses()
    {
        yield return Fault.OfBoth("429", (d, _) => Error(429, d), Busy);
        yield return Fault.OfBoth("429 for some seconds", (d, _) => Error(429, d, RetryAfter.Seconds(7)), Busy);
        yield return Fault.OfBoth("429 until a date", (d, _) => Error(429, d, RetryAfter.Date(DateTimeOffset.UtcNow.AddSeconds(8))), Busy);
        yield return Fault.OfBoth("429 without sense", (d, _) => Error(429, d, RetryAfter.Nonsense()), Busy);
        foreach (var status in new[] { 500, 501, 502, 503, 504, 302, 101 })
            yield return Fault.OfBoth(status.ToString(CultureInfo.InvariantCulture), (d, _) => Error(status, d), Failed);
        yield return Fault.OfBoth("503 for some seconds", (d, _) => Error(503, d, RetryAfter.Seconds(7)), Busy);
        yield return Fault.OfBoth("529", (d, _) => Error(529, d), new Sight.Refused(503, "server_is_overloaded") { Messages = 529 });
        yield return Fault.OfBoth("401", (d, _) => Error(401, d), new Sight.Refused(502, "upstream_unauthorized"));
        yield return Fault.OfBoth("404 without words", Body(404, "text/plain", "Not Found"u8.ToArray()), new Sight.Refused(404, "unsupported_operation"));
        yield return Fault.OfBoth("400 as a page", Malformed.Html(400), new Sight.Refused(400, "upstream_rejected"));
        yield return Fault.OfBoth("400 that is cut", (d, _) => Answer(400, Framing.OfLength(500), JsonType).Write("{\"error\":").Close(), Failed);
    }

    private static IEnumerable<Fault> Heads()
    {
        yield return Fault.OfBoth("FIN before a byte", Malformed.NothingThenFin, Failed);
        yield return Fault.OfBoth("RST before a byte", Malformed.NothingThenReset, Failed);
        yield return Fault.OfBoth("FIN within the head", Empty.Raw("HTTP/1.1 200 OK\r\ncontent-type: appl").Close(), Failed);
        yield return Fault.OfBoth("a status line of another protocol", Malformed.StatusLine, Failed);
        yield return Fault.OfBoth("a header without a colon", Malformed.HeaderLine, Failed);
        yield return Fault.OfBoth("a head that is too large", Empty.Raw($"HTTP/1.1 200 OK\r\nx-large: {new string('x', 300_000)}\r\n\r\n").Close(), Failed);
        yield return Fault.OfBoth("a page", Malformed.Html(), Failed);
        yield return Fault.OfBoth("nothing", Json(""), Failed);
        yield return Fault.OfBoth("a packed body", (d, _) => Json(d.Plain, 200, ("content-encoding", "gzip")), Failed);
        yield return Fault.OfBoth("interim answers", (d, streamed) => Good(d, streamed).After(
            Empty.Raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n")), Whole);
    }

    private static IEnumerable<Fault> Bodies()
    {
        yield return Fault.OfPlain("JSON that is cut", d => Malformed.CutJson(d.Plain), Failed);
        yield return Fault.OfPlain("a length that is too long", d => Malformed.ShortBody(d.Plain), Failed);
        yield return Fault.OfPlain("a length that is too short", d => Answer(200, Framing.OfLength(d.Plain.Length / 2), JsonType).Write(d.Plain).Close(), Failed);
        yield return Fault.OfPlain("RST within the body", d => Answer(200, Framing.OfLength(d.Plain.Length), JsonType).Write(d.Plain.AsMemory(0, 30)).Reset(), Failed);
        yield return Fault.OfPlain("a chunk without a length", d => Answer(200, Framing.Chunked, JsonType).Write(d.Plain.AsMemory(0, 30)).Raw("xyz\r\n").Close(), Failed);
        yield return Fault.OfPlain("no last chunk", d => Answer(200, Framing.Chunked, JsonType).Write(d.Plain).Close(), Failed);
        yield return Fault.OfPlain("an answer that is too large", d => Json($"{{\"a\":\"{new string('x', MaxAnswerBytes)}\"}}"), TooLarge);
        yield return new Fault("a body that is no UTF-8", (d, _) => Json(Spoilt(d.Plain)), (d, streamed) => streamed ? null : d.IsTranslated ? Failed : new Sight.Passed());
        yield return Fault.OfPlain("a body byte by byte", d => Answer(200, Framing.Chunked, JsonType).WriteEvery(1, d.Plain), Whole);
        yield return Fault.OfPlain("a body that drips", d => Answer(200, Framing.Chunked, JsonType).WriteEvery(20, d.Plain, Pace.Of(TimeSpan.FromMilliseconds(5))), Whole);
        yield return Fault.OfPlain("a body until the connection ends", d => Answer(200, Framing.UntilClose, JsonType).Write(d.Plain).Close(), Whole);
    }

    private static IEnumerable<Fault> Streams()
    {
        yield return Fault.OfStream("RST before an event", d => Stream().Reset(), Failed);
        yield return Fault.OfStream("FIN before an event", d => Stream().Close(), Failed);
        yield return Fault.OfStream("an end before an event", d => Stream(), Failed);
        yield return Fault.OfStream("RST between two events", d => Begun(d).Reset(), Broken);
        yield return Fault.OfStream("FIN between two events", d => Begun(d).Close(), Broken);
        yield return Fault.OfStream("an end between two events", Begun, Broken);
        yield return Fault.OfStream("FIN within an event", d => Begun(d).Write("data: {\"id\":").Close(), Broken);
        yield return Fault.OfStream("an end within an event", d => Begun(d).Write("data: {\"id\":"), Broken);
        yield return Fault.OfStream("a chunk without a length", d => BegunThen(d, "xyz\r\ndata: {}\n\n\r\n"), Broken);
        yield return Fault.OfStream("a chunk that is too long", d => BegunThen(d, "2\r\ndata: {}\n\n\r\n"), Broken);
        yield return Fault.OfStream("an event that is too large", d => Begun(d).HugeEvent(MaxEventBytes * 2), new Sight.Broken("answer_too_large"));
        yield return Fault.OfStream("a first event that is too large", d => Stream().HugeEvent(MaxEventBytes * 2), TooLarge);
        yield return Fault.OfStream("no end", d => Events(d.Events.SkipLast(1)), d =>
            d.IsTranslated ? Whole : d.Callers == Reading.Responses ? Broken : new Sight.WholeWithoutEnd());
        yield return Fault.OfStream("FIN for an end", d => Events(d.Events.SkipLast(1)).Close(), Broken);
        yield return Fault.OfStream("an error of its own", d => Events([.. d.Events.Take(d.UpToText), OwnError(d)]), d => new Sight.Broken(""));
        yield return Fault.OfStream("an event that is no JSON", d => Events([.. d.Events.Take(d.UpToText), SseEvent.OfData("{\"id\":"), .. d.Events.Skip(d.UpToText)]), PassedOrBroken);
        yield return Fault.OfStream("an event that is no UTF-8", d => Stream().Write(Spoilt(SseText.Join(d.Events))), _ => new Sight.Passed());
        yield return Fault.OfStream("bytes one by one", d => Stream().WriteEvery(1, SseText.Join(d.Events)), Whole);
        yield return Fault.OfStream("bytes that drip", d => Stream().WriteEvery(40, SseText.Join(d.Events), Pace.Of(TimeSpan.FromMilliseconds(5))), Whole);
        yield return Fault.OfStream("lines that end as on Windows", d => Stream().Write(SseText.Join(d.Events, "\r\n")), Whole);
        yield return Fault.OfStream("a mark of the byte order", d => Stream().Write(new byte[] { 0xef, 0xbb, 0xbf }).Write(SseText.Join(d.Events)), Whole);
        yield return Fault.OfStream("signs of life", d => Events(d.Events.SelectMany(e => new[] { SseEvent.Comment("ping"), e })), Whole);
        yield return Fault.OfStream("no stream at all", d => Json(d.Plain), Whole);
    }

    /// <summary>What an engine sends when nothing is wrong.</summary>
    private static Script Good(FaultDialect dialect, bool streamed) => streamed ? Events(dialect.Events) : Json(dialect.Plain);

    private static Script Begun(FaultDialect dialect) => Events(dialect.Events.Take(dialect.UpToText));

    /// <summary>Each event is a read of its own, and so is what is wrong behind them: a client that reads both at once loses the events.</summary>
    private static Script BegunThen(FaultDialect dialect, string garbage)
    {
        var good = Begun(dialect).Close().ToBytes();
        return Empty.RawAt([good.Length], (byte[])[.. good, .. Encoding.ASCII.GetBytes(garbage)], Pace.UntilRead).Close();
    }

    /// <summary>A letter of the text becomes a byte that UTF-8 does not have.</summary>
    private static byte[] Spoilt(byte[] text)
    {
        var copy = text.ToArray();
        copy[copy.AsSpan().IndexOf("Gr"u8)] = 0xff;
        return copy;
    }

    /// <summary>A dialect that passes has no eye for one event; where it is said anew, what cannot be said is the end.</summary>
    private static Sight PassedOrBroken(FaultDialect dialect) => dialect.IsTranslated ? Broken : new Sight.Passed();

    private static Script Error(int status, FaultDialect dialect, params (string Name, string Value)[] headers) => Script.Error(
        dialect.Engine == "anthropic" ? AnthropicErrors.Of(status, "some_error", "It is so.") : OpenAiErrors.Of(status, "some_error", null, null, "It is so."), headers);

    private static SseEvent OwnError(FaultDialect dialect) => dialect.Engine == "anthropic" ? AnthropicErrors.ToEvent(AnthropicErrors.Overloaded)
        : dialect.Callers == Reading.Responses ? ResponsesWire.ErrorEvent(dialect.UpToText, "server_error", "Overloaded")
        : OpenAiWire.ErrorEvent(OpenAiErrors.Overloaded);
}
