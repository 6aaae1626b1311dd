namespace Platform.Gateway.Answers;

/// <summary>Finds its way in the bytes of one event (WHATWG HTML, 9.2.6).</summary>
internal static class SseEvent
{
    private const byte LineFeed = (byte)'\n';

    /// <summary>
    /// The span of the event's one <c>data</c> line. An event with none, or with several, is nothing that an engine sends
    /// for a chunk.
    /// </summary>
    /// <param name="whole">The event, its empty line included.</param>
    public static bool TryFindData(ReadOnlySpan<byte> whole, out int start, out int length)
    {
        start = -1;
        length = 0;
        for (var lineStart = 0; lineStart < whole.Length;)
        {
            var end = lineStart + whole[lineStart..].IndexOf(LineFeed);
            var line = whole[lineStart..end].TrimEnd((byte)'\r');
            if (line.StartsWith("data:"u8))
            {
                if (start >= 0)
                    return false;
                var skipped = line.Length > 5 && line[5] == (byte)' ' ? 6 : 5;
                start = lineStart + skipped;
                length = line.Length - skipped;
            }
            lineStart = end + 1;
        }
        return start >= 0;
    }
}
