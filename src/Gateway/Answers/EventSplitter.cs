namespace Platform.Gateway.Answers;

/// <summary>
/// Finds the ends of server-sent events (WHATWG HTML, 9.2) in bytes that come in any pieces: an event ends with an empty
/// line; lines end with LF or CRLF. Remembers how far it has looked, so that no byte is looked at twice.
/// </summary>
internal struct EventSplitter
{
    private int _lineStart;
    private int _seen;

    /// <summary>Length of the first whole event with its empty line, or 0 until there is one.</summary>
    /// <param name="buffer">All bytes from the end of the last event on.</param>
    public int Next(ReadOnlySpan<byte> buffer)
    {
        while (buffer[_seen..].IndexOf((byte)'\n') is var offset and >= 0)
        {
            var line = buffer[_lineStart..(_seen + offset)];
            _seen += offset + 1;
            _lineStart = _seen;
            if (line.Length == 0 || line is [(byte)'\r'])
            {
                var length = _seen;
                _lineStart = 0;
                _seen = 0;
                return length;
            }
        }
        _seen = buffer.Length;
        return 0;
    }
}
