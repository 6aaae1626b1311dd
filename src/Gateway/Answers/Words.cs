using System.Text.Json;

namespace Platform.Gateway.Answers;

/// <summary>Words that a dialect uses for few things, such as why a model stopped, read without making a text of each.</summary>
internal static class Words
{
    private const int Longest = 40;

    /// <summary>
    /// The value behind a member's name: one of the known words, or another one where it is short, or <c>other</c>. Null
    /// where it is no text. The reader stands on the name and ends on the value's end.
    /// </summary>
    public static string? Read(ref Utf8JsonReader reader, string[] known)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return null;
        }
        foreach (var word in known)
        {
            if (reader.ValueTextEquals(word))
                return word;
        }
        return reader.ValueSpan.Length <= Longest ? reader.GetString() : "other";
    }
}
