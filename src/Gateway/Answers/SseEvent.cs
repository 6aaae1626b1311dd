namespace Platform.Gateway.Answers;

/// <summary>Finds its way in the bytes of one event (WHATWG HTML, 9.2.6).</summary>
internal static class SseEvent
{
    /// <summary>
    /// The span of the event's one <c>data</c> line. An event with none, an empty one, or several is nothing that an engine
    /// sends for a chunk.
    /// </summary>
    /// <param name="whole">The event, its empty line included.</param>
    public static bool TryFindData(ReadOnlySpan<byte> whole, out int start, out int length) => CountData(whole, out start, out length) == 1 && length > 0;

    /// <summary>The event has data in several lines: it goes on as it is, and nobody reads it.</summary>
    public static bool IsSplit(ReadOnlySpan<byte> whole) => CountData(whole, out _, out _) > 1;

    private static int CountData(ReadOnlySpan<byte> whole, out int start, out int length)
    {
        var count = 0;
        (start, length) = (-1, 0);
        for (var lineStart = 0; lineStart < whole.Length;)
        {
            var end = whole[lineStart..].IndexOfAny((byte)'\n', (byte)'\r') is var offset and >= 0 ? lineStart + offset : whole.Length;
            var line = whole[lineStart..end];
            if (line.StartsWith("data:"u8))
            {
                var skipped = line.Length > 5 && line[5] == (byte)' ' ? 6 : 5;
                (start, length) = (lineStart + skipped, line.Length - skipped);
                count++;
            }
            lineStart = end + 1;
        }
        return count;
    }
}
