namespace Platform.Gateway.Answers;

/// <summary>
/// Finds the ends of server-sent events (WHATWG HTML, 9.2.6) in bytes that come in any pieces: an event ends with an empty
/// line; lines end with LF, CRLF or CR. Remembers how far it has looked, so that no byte is looked at twice.
/// </summary>
internal struct EventSplitter
{
    private const byte LineFeed = (byte)'\n';
    private const byte Return = (byte)'\r';

    private int _lineStart;
    private int _seen;

    /// <summary>The event's line before ended with a CR alone: so will its last, and nothing behind it is waited for.</summary>
    private bool _bare;

    /// <summary>Length of the first whole event with its empty line, or 0 until there is one.</summary>
    /// <param name="buffer">All bytes from the end of the last event on.</param>
    public int Next(ReadOnlySpan<byte> buffer)
    {
        while (buffer[_seen..].IndexOfAny(LineFeed, Return) is var offset and >= 0)
        {
            var end = _seen + offset;
            var next = end + 1;
            if (buffer[end] == Return)
            {
                // A LF may follow, and is one end with it.
                if (next == buffer.Length && !(_bare && end == _lineStart))
                {
                    _seen = end;
                    return 0;
                }
                _bare = next == buffer.Length || buffer[next] != LineFeed;
                if (!_bare)
                    next++;
            }
            var isEmpty = end == _lineStart;
            _seen = _lineStart = next;
            if (isEmpty)
            {
                this = default;
                return next;
            }
        }
        _seen = buffer.Length;
        return 0;
    }
}
