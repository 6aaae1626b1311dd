using System.Collections.Frozen;

namespace Platform.Control.Identity.Passwords;

/// <summary>
/// Words and patterns that passwords are made of. A password is common when it is one of them, with digits and signs
/// around it and letters swapped for digits or not, or such a one several times, or a run of neighbours.
/// </summary>
internal static class CommonPasswords
{
    private const int LongestUnit = 8;
    private const int ShortestRun = 8;
    private const int ShortestWord = 4;
    private const int LongestChain = 3;

    private static readonly FrozenSet<string> Words = Read();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    public static int Count => Words.Count;

    public static bool Contains(string password)
    {
        var lower = password.ToLowerInvariant();
        var plain = Plain(Core(lower));
        return Words.Contains(lower) || Words.Contains(plain) || IsRepeated(lower) || IsRun(lower) || IsChain(plain) || IsChain(lower);
    }

    /// <summary>Without the digits and signs around it.</summary>
    private static string Core(string text)
    {
        var start = 0;
        var end = text.Length;
        while (start < end && !char.IsLetter(text[start]))
            start++;
        while (end > start && !char.IsLetter(text[end - 1]))
            end--;
        return text[start..end];
    }

    /// <summary>Letters for the digits and signs that are written for them.</summary>
    private static string Plain(string text) => string.Concat(text.Select(c => c switch
    {
        '0' => 'o',
        '1' or '!' => 'i',
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' => 't',
        _ => c,
    }));

    /// <summary>A short part again and again, its last time perhaps cut off.</summary>
    private static bool IsRepeated(string text)
    {
        for (var unit = 1; unit <= Math.Min(LongestUnit, text.Length / 2); unit++)
        {
            if (text.AsSpan(unit).SequenceEqual(text.AsSpan(0, text.Length - unit)))
                return true;
        }
        return false;
    }

    /// <summary>Nearly every character is a neighbour of the one before: abcdefghijkl, 987654321098.</summary>
    private static bool IsRun(string text)
    {
        var breaks = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (Math.Abs(text[i] - text[i - 1]) > 1)
                breaks++;
        }
        return breaks <= text.Length / ShortestRun;
    }

    /// <summary>A few words of the list one after another, with digits and signs between them, and nothing else.</summary>
    private static bool IsChain(string text)
    {
        var words = new int[text.Length + 1];
        Array.Fill(words, int.MaxValue, 1, text.Length);
        for (var from = 0; from < text.Length; from++)
        {
            if (words[from] > LongestChain)
                continue;
            if (!char.IsLetter(text[from]))
                words[from + 1] = Math.Min(words[from + 1], words[from]);
            for (var length = ShortestWord; length <= text.Length - from; length++)
            {
                if (Lookup.Contains(text.AsSpan(from, length)))
                    words[from + length] = Math.Min(words[from + length], words[from] + 1);
            }
        }
        return words[text.Length] <= LongestChain;
    }

    private static FrozenSet<string> Read()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")
            ?? throw new InvalidOperationException("The list of common passwords is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
