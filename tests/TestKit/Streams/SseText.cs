using System.Text;

namespace Platform.TestKit.Streams;

/// <summary>
/// A whole answer read as events, by the rules of WHATWG's "Server-sent events" (9.2.6): a BOM at the start, lines that
/// end in LF, CR or CRLF, several data lines of one event. Comments are kept, since a caller sees them.
/// </summary>
public sealed class SseText
{
    private SseText(IReadOnlyList<SseEvent> events, string rest) => (Events, Rest) = (events, rest);

    public IReadOnlyList<SseEvent> Events { get; }

    /// <summary>What stands after the last empty line: an event that was cut. Empty where the answer ended between two events.</summary>
    public string Rest { get; }

    /// <summary>The data of every event that has some, in order.</summary>
    public IEnumerable<string> Data => Events.Where(e => e.Data is not null).Select(e => e.Data!);

    /// <summary>The names of every event that has one, in order.</summary>
    public IEnumerable<string> Names => Events.Where(e => e.Name is not null).Select(e => e.Name!);

    public static byte[] Join(IEnumerable<SseEvent> events, string lineEnd = "\n") => [.. events.SelectMany(e => e.ToBytes(lineEnd))];

    public static SseText Parse(ReadOnlySpan<byte> bytes) => Parse(Encoding.UTF8.GetString(bytes));

    public static SseText Parse(string text)
    {
        var events = new List<SseEvent>();
        var open = new OpenEvent();
        var at = text.StartsWith('\uFEFF') ? 1 : 0;
        var whole = at;
        while (NextLine(text, ref at) is { } line)
        {
            if (line.Length > 0)
            {
                open.Add(line);
                continue;
            }
            if (open.Close() is { } done)
                events.Add(done);
            whole = at;
        }
        return new(events, text[whole..]);
    }

    private static string? NextLine(string text, ref int at)
    {
        var end = text.AsSpan(at).IndexOfAny('\r', '\n');
        if (end < 0)
            return null;
        var line = text.Substring(at, end);
        at += end + 1;
        if (text[at - 1] == '\r' && at < text.Length && text[at] == '\n')
            at++;
        return line;
    }

    private sealed class OpenEvent
    {
        private readonly List<string> _comments = [];
        private StringBuilder? _data;
        private string? _name;
        private string? _id;

        public void Add(string line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var field = colon < 0 ? line : line[..colon];
            var value = colon < 0 ? "" : line[(colon + 1)..];
            if (value.StartsWith(' '))
                value = value[1..];
            switch (field)
            {
                case "":
                    _comments.Add(value);
                    break;
                case "event":
                    _name = value;
                    break;
                case "id":
                    _id = value;
                    break;
                case "data":
                    _data = _data is null ? new(value) : _data.Append('\n').Append(value);
                    break;
            }
        }

        public SseEvent? Close()
        {
            var empty = _data is null && _name is null && _id is null && _comments.Count == 0;
            var closed = empty ? null : new SseEvent(_name, _data?.ToString()) { Id = _id, Comments = [.. _comments] };
            _comments.Clear();
            (_data, _name, _id) = (null, null, null);
            return closed;
        }
    }
}
