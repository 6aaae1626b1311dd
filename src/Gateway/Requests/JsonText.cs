using System.Text.Json;

namespace Platform.Gateway.Requests;

/// <summary>Looks at texts as JSON has them, without reading them out.</summary>
internal static class JsonText
{
    /// <summary>Deeper than any of our readers goes: what they do not read may be JSON all the same.</summary>
    private static readonly JsonReaderOptions Deep = new() { MaxDepth = 1024 };

    private static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];

    /// <summary>One JSON value, of whatever kind, and nothing else.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text.StartsWith(ByteOrderMark) ? text[ByteOrderMark.Length..] : text, Deep);
        try
        {
            while (reader.Read())
                continue;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Unicode scalar values. An escape is one, and so is a pair of surrogates.</summary>
    /// <param name="quoted">A string of well-formed JSON, quotes included.</param>
    public static int CountCharacters(ReadOnlySpan<byte> quoted)
    {
        var text = quoted[1..^1];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == (byte)'\\')
            {
                i++;
                if (text[i] == (byte)'u')
                {
                    if (!IsLowSurrogate(text.Slice(i + 1, 4)))
                        count++;
                    i += 4;
                    continue;
                }
                count++;
            }
            else if ((text[i] & 0xC0) != 0x80)
            {
                count++;
            }
        }
        return count;
    }

    /// <summary>DC00 to DFFF.</summary>
    private static bool IsLowSurrogate(ReadOnlySpan<byte> hex) => hex[0] is (byte)'d' or (byte)'D' && (hex[1] | 0x20) is >= 'c' and <= 'f';
}
