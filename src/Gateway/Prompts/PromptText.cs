using System.Text.Json;

namespace Platform.Gateway.Prompts;

/// <summary>
/// Counts the least that a model must read of a request: printable ASCII characters of users' texts. All else may come to
/// nothing on its way to the model: blanks that are put together, characters that a vocabulary does not know, files, answers
/// of before that a template leaves out.
/// </summary>
internal static class PromptText
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 128 };

    /// <summary>Members that have the prompt shortened, or written by another template.</summary>
    private static readonly string[] Shortening = ["truncation", "truncate_prompt_tokens", "context_management", "chat_template"];

    /// <summary>0 where it cannot be read, which is the engine's to say.</summary>
    /// <param name="member">Of the body, in which the prompt stands: a text, texts, or messages.</param>
    public static long Count(ReadOnlySpan<byte> body, string member)
    {
        try
        {
            return CountBody(body, member);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return 0;
        }
    }

    private static long CountBody(ReadOnlySpan<byte> body, string member)
    {
        var reader = new Utf8JsonReader(body, Options);
        var count = 0L;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (IsShortening(ref reader))
                return 0;
            var isPrompt = reader.ValueTextEquals(member);
            reader.Read();
            if (isPrompt)
                count += CountPrompt(ref reader);
            else
                reader.Skip();
        }
        return count;
    }

    private static bool IsShortening(ref Utf8JsonReader reader)
    {
        foreach (var name in Shortening)
        {
            if (reader.ValueTextEquals(name))
                return true;
        }
        return false;
    }

    /// <summary>A text, messages, or texts each of which is a prompt of its own.</summary>
    private static long CountPrompt(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return CountText(ref reader);
        var (longest, messages) = (0L, 0L);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
                messages += CountMessage(ref reader);
            else
                longest = Math.Max(longest, CountText(ref reader));
        }
        return Math.Max(longest, messages);
    }

    private static long CountMessage(ref Utf8JsonReader reader)
    {
        var (isUsers, count) = (false, 0L);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isRole, isContent) = (reader.ValueTextEquals("role"u8), reader.ValueTextEquals("content"u8));
            reader.Read();
            if (isRole)
                isUsers = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("user"u8);
            if (isContent)
                count = CountContent(ref reader);
            else
                reader.Skip();
        }
        return isUsers ? count : 0;
    }

    /// <summary>A text, or parts of which some have one.</summary>
    private static long CountContent(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return CountText(ref reader);
        var count = 0L;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isText = reader.ValueTextEquals("text"u8);
                reader.Read();
                count += isText ? CountText(ref reader) : Passed(ref reader);
            }
        }
        return count;
    }

    private static int Passed(ref Utf8JsonReader reader)
    {
        reader.Skip();
        return 0;
    }

    /// <summary>0 for what is no text; escapes count for nothing.</summary>
    private static int CountText(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
            return Passed(ref reader);
        var text = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
            return CountPrintable(text);
        var count = 0;
        for (int at; (at = text.IndexOf((byte)'\\')) >= 0; text = text[(at + (text[at + 1] == (byte)'u' ? 6 : 2))..])
            count += CountPrintable(text[..at]);
        return count + CountPrintable(text);
    }

    private static int CountPrintable(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var value in text)
            count += value is > (byte)' ' and <= (byte)'~' ? 1 : 0;
        return count;
    }
}
