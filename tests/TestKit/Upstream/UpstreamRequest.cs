using System.Text;
using System.Text.Json;

namespace Platform.TestKit.Upstream;

/// <summary>What a caller sent and what became of it. Times are monotonic, since the server started.</summary>
public sealed class UpstreamRequest
{
    private readonly TaskCompletionSource _whole = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<TimeSpan> _hungUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal UpstreamRequest(RequestHead head, int connection, TimeSpan arrived) => (Head, Connection, Arrived) = (head, connection, arrived);

    /// <summary>1 for the server's first request, 2 for the next.</summary>
    public int Number { get; internal set; }

    /// <summary>1 for the server's first connection.</summary>
    public int Connection { get; }

    /// <summary>When the head was complete.</summary>
    public TimeSpan Arrived { get; }

    public string Method => Head.Method;

    /// <summary>As it stood in the request line, query included.</summary>
    public string Target => Head.Target;

    public string Path => Head.Target.Split('?')[0];

    /// <summary>In the order and the spelling in which they came.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers => Head.Headers;

    public byte[] RawHead => Head.Raw;

    /// <summary>The body without its framing; empty until <see cref="Whole"/>.</summary>
    public byte[] Body { get; internal set; } = [];

    /// <summary>The body as it came, chunk headers included.</summary>
    public byte[] RawBody { get; internal set; } = [];

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The member <c>model</c> of a JSON body or the field of a form; null where there is none.</summary>
    public string? Model { get; internal set; }

    /// <summary>How often this method, path and model were seen, this time included.</summary>
    public int Seen { get; internal set; }

    /// <summary>Completes with the last byte of the body.</summary>
    public Task Whole => _whole.Task;

    /// <summary>Completes when the script has ended, whoever ended it.</summary>
    public Task Ended => _ended.Task;

    /// <summary>When the script ended; null while it runs.</summary>
    public TimeSpan? EndedAt { get; private set; }

    /// <summary>Completes when the caller closed or reset the connection before the script had ended.</summary>
    public Task<TimeSpan> HungUp => _hungUp.Task;

    public TimeSpan? HungUpAt { get; private set; }

    /// <summary>How the script ended; null while it runs.</summary>
    public ScriptEnd? End { get; private set; }

    internal RequestHead Head { get; }

    /// <summary>The values of a header, joined as RFC 9110 5.3 does; null where it did not come.</summary>
    public string? Header(string name)
    {
        var values = Headers.Where(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).ToList();
        return values.Count == 0 ? null : string.Join(", ", values);
    }

    public JsonElement Json() => JsonSerializer.Deserialize<JsonElement>(Body);

    public override string ToString() => $"{Number}: {Method} {Target} ({Model ?? "no model"}, {Body.Length} bytes)";

    internal void MarkWhole() => _whole.TrySetResult();

    internal void MarkHungUp(TimeSpan at)
    {
        HungUpAt ??= at;
        _hungUp.TrySetResult(at);
    }

    internal void MarkEnded(ScriptEnd end, TimeSpan at)
    {
        End ??= end;
        EndedAt ??= at;
        _ended.TrySetResult();
    }
}

internal sealed record RequestHead(string Method, string Target, string Version, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Raw)
{
    public bool HasToken(string header, string token) => Headers
        .Where(h => h.Key.Equals(header, StringComparison.OrdinalIgnoreCase))
        .SelectMany(h => h.Value.Split(',', StringSplitOptions.TrimEntries))
        .Contains(token, StringComparer.OrdinalIgnoreCase);

    public string? First(string header) => Headers.FirstOrDefault(h => h.Key.Equals(header, StringComparison.OrdinalIgnoreCase)).Value;
}
