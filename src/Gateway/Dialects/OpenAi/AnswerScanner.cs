using System.Text.Json;
using Platform.Gateway.Answers;

namespace Platform.Gateway.Dialects.OpenAi;

/// <summary>Reads OpenAI's <c>chat.completion</c>, <c>chat.completion.chunk</c> and <c>text_completion</c> objects as bytes, in one pass.</summary>
internal static class AnswerScanner
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 128 };

    private static readonly string[] KnownFinishReasons = ["stop", "length", "tool_calls", "content_filter", "function_call"];

    /// <summary>False where the bytes are not one JSON object.</summary>
    public static bool TryScan(ReadOnlySpan<byte> json, out AnswerFacts facts)
    {
        facts = new() { UsageNameStart = -1 };
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                ReadMember(ref reader, ref facts);
            facts.ObjectEnd = (int)reader.TokenStartIndex;
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // A text with an escape that is no character.
            return false;
        }
    }

    private static void ReadMember(ref Utf8JsonReader reader, ref AnswerFacts facts)
    {
        if (reader.ValueTextEquals("choices"u8))
        {
            ReadChoices(ref reader, ref facts);
        }
        else if (reader.ValueTextEquals("usage"u8))
        {
            facts.UsageNameStart = (int)reader.TokenStartIndex;
            reader.Read();
            facts.UsageValueStart = (int)reader.TokenStartIndex;
            if (reader.TokenType == JsonTokenType.StartObject)
                facts.Usage = UsageCount.Read(ref reader);
            else
                reader.Skip();
            facts.UsageEnd = (int)reader.BytesConsumed;
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            reader.Read();
            facts.IsError |= reader.TokenType != JsonTokenType.Null;
            reader.Skip();
        }
        else
        {
            reader.Skip();
        }
    }

    private static void ReadChoices(ref Utf8JsonReader reader, ref AnswerFacts facts)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }
        facts.ChoicesEmpty = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            facts.ChoicesEmpty = false;
            if (reader.TokenType == JsonTokenType.StartObject)
                ReadChoice(ref reader, ref facts);
            else
                reader.Skip();
        }
    }

    private static void ReadChoice(ref Utf8JsonReader reader, ref AnswerFacts facts)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("finish_reason"u8))
            {
                facts.FinishReason = Words.Read(ref reader, KnownFinishReasons) ?? facts.FinishReason;
            }
            else if (reader.ValueTextEquals("delta"u8) || reader.ValueTextEquals("message"u8))
            {
                ReadText(ref reader, ref facts);
            }
            else if (reader.ValueTextEquals("text"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                    facts.TextBytes += reader.ValueSpan.Length;
                else
                    reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }
    }

    /// <summary>Adds up the generated texts of a delta or message, tool calls' arguments included.</summary>
    private static void ReadText(ref Utf8JsonReader reader, ref AnswerFacts facts)
    {
        reader.Read();
        var depth = reader.CurrentDepth;
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;
        var generated = false;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
                generated = IsGenerated(ref reader);
            else if (generated && reader.TokenType == JsonTokenType.String)
                facts.TextBytes += reader.ValueSpan.Length;
        }
    }

    private static bool IsGenerated(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8)
        || reader.ValueTextEquals("refusal"u8) || reader.ValueTextEquals("arguments"u8);
}
