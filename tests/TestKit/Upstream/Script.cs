using System.Collections.Immutable;
using System.Net;
using System.Text;
using Platform.TestKit.Streams;
using Platform.TestKit.Wire;

namespace Platform.TestKit.Upstream;

/// <summary>
/// An answer as a list of steps, played in order; a script without an end of its own finishes properly. Immutable, so one
/// script serves any number of requests.
/// </summary>
public sealed record Script(ImmutableArray<ScriptStep> Steps)
{
    /// <summary>No step yet: for scripts that write their bytes raw from the first one on.</summary>
    public static Script Empty { get; } = new([]);

    /// <summary>Takes the request and says nothing, until the caller leaves or the server's deadline passes.</summary>
    public static Script NeverAnswer { get; } = Empty.StallForever();

    public static Script Answer(int status, Framing framing, params IEnumerable<(string Name, string Value)> headers) =>
        Empty.Then(new ScriptStep.Head(status, ReasonOf(status), [.. headers.Select(h => KeyValuePair.Create(h.Name, h.Value))], framing));

    /// <summary>A whole body of a known length.</summary>
    public static Script Body(int status, string contentType, ReadOnlyMemory<byte> body, params IEnumerable<(string Name, string Value)> headers) =>
        Answer(status, Framing.OfLength(body.Length), [("content-type", contentType), .. headers]).Write(body);

    public static Script Json(ReadOnlyMemory<byte> body, int status = 200, params IEnumerable<(string Name, string Value)> headers) =>
        Body(status, "application/json", body, headers);

    public static Script Json(string body, int status = 200, params IEnumerable<(string Name, string Value)> headers) =>
        Json(Encoding.UTF8.GetBytes(body), status, headers);

    /// <summary>The head of a chunked stream of events; writes follow.</summary>
    public static Script Stream(params IEnumerable<(string Name, string Value)> headers) =>
        Answer(200, Framing.Chunked, [("content-type", "text/event-stream; charset=utf-8"), ("cache-control", "no-cache"), .. headers]);

    /// <summary>A stream in which each event is a send of its own.</summary>
    public static Script Events(IEnumerable<SseEvent> events, Pace pace = default) =>
        Stream().Then(new ScriptStep.Send([.. events.Select(e => (ReadOnlyMemory<byte>)e.ToBytes())], pace, Raw: false));

    /// <summary>A dialect's refusal, with further headers such as <see cref="RetryAfter"/>'s.</summary>
    public static Script Error(WireError error, params IEnumerable<(string Name, string Value)> headers) => Json(error.Body, error.Status, [.. error.Headers, .. headers]);

    public Script Then(params IEnumerable<ScriptStep> steps) => new(Steps.AddRange(steps));

    public Script Write(ReadOnlyMemory<byte> bytes) => Then(new ScriptStep.Send([bytes], Pace.None, Raw: false));

    public Script Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    public Script Write(SseEvent one) => Write(one.ToBytes());

    public Script WriteEvery(int size, ReadOnlyMemory<byte> bytes, Pace pace = default) => WriteAt(Splits.Every(size, bytes.Length), bytes, pace);

    public Script WriteAt(IReadOnlyList<int> offsets, ReadOnlyMemory<byte> bytes, Pace pace = default) =>
        Then(new ScriptStep.Send(Splits.Cut(bytes, offsets), pace, Raw: false));

    /// <summary>Bytes beside the framing: chunk headers, heads and rubbish of the test's own.</summary>
    public Script Raw(ReadOnlyMemory<byte> bytes) => Then(new ScriptStep.Send([bytes], Pace.None, Raw: true));

    public Script Raw(string text) => Raw(Encoding.UTF8.GetBytes(text));

    public Script RawEvery(int size, ReadOnlyMemory<byte> bytes, Pace pace = default) => RawAt(Splits.Every(size, bytes.Length), bytes, pace);

    public Script RawAt(IReadOnlyList<int> offsets, ReadOnlyMemory<byte> bytes, Pace pace = default) =>
        Then(new ScriptStep.Send(Splits.Cut(bytes, offsets), pace, Raw: true));

    /// <summary>One event whose data is a JSON string of this many bytes.</summary>
    public Script HugeEvent(long bytes) => Then(new ScriptStep.HugeEvent(bytes));

    public Script Stall(Task until) => Then(new ScriptStep.StallUntil(until));

    /// <summary>By the server's own clock (<see cref="UpstreamOptions.Clock"/>).</summary>
    public Script Stall(TimeSpan time) => Then(new ScriptStep.StallFor(time));

    public Script StallForever() => Then(new ScriptStep.StallFor(Timeout.InfiniteTimeSpan));

    public Script Do(Func<UpstreamRequest, Task> action) => Then(new ScriptStep.Run(action));

    public Script ReadRequest() => Then(new ScriptStep.ReadRequest());

    public Script Finish() => Then(new ScriptStep.Finish());

    public Script Close() => Then(new ScriptStep.Close());

    public Script Reset() => Then(new ScriptStep.Reset());

    /// <summary>
    /// What this script sends up to its end, head and chunks included, to be cut anywhere:
    /// <c>Script.Empty.RawAt(split, answer.ToBytes())</c>.
    /// </summary>
    public byte[] ToBytes() => AnswerBytes.OfScript(this);

    /// <summary>The same script behind some steps.</summary>
    public Script After(Script first) => first.Then(Steps);

    private static string ReasonOf(int status) => status switch
    {
        200 => "OK",
        529 => "Overloaded",
        _ => Enum.IsDefined((HttpStatusCode)status) ? string.Concat(((HttpStatusCode)status).ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $" {c}" : $"{c}")) : "Unknown",
    };
}
