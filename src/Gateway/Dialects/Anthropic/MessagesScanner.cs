using System.Text.Json;
using Platform.Gateway.Answers;

namespace Platform.Gateway.Dialects.Anthropic;

/// <summary>What an object of the Messages API is, by its <c>type</c>.</summary>
internal enum MessagesKind
{
    Other,
    Message,
    MessageStart,
    MessageDelta,
    MessageStop,
    Error,
}

/// <summary>What one pass over a message, or over an event of one, found.</summary>
internal struct MessagesFacts
{
    public MessagesKind Kind;

    /// <summary>Null where it says nothing of usage.</summary>
    public UsageCount? Usage;

    public string? StopReason;

    /// <summary>Bytes of generated text, as they are written: texts, thinking, tools' inputs.</summary>
    public int TextBytes;
}

/// <summary>Reads objects of Anthropic's Messages API as bytes, in one pass.</summary>
internal static class MessagesScanner
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 128 };

    private static readonly string[] KnownReasons = ["end_turn", "max_tokens", "tool_use", "stop_sequence", "pause_turn", "refusal", "model_context_window_exceeded"];

    /// <summary>False where the bytes are not one JSON object.</summary>
    /// <param name="known">What earlier events said of usage: a later one may say a part of it only.</param>
    public static bool TryScan(ReadOnlySpan<byte> json, UsageCount known, out MessagesFacts facts)
    {
        facts = default;
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            ReadObject(ref reader, ref facts, known, isRoot: true);
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

    private static void ReadObject(ref Utf8JsonReader reader, ref MessagesFacts facts, UsageCount known, bool isRoot)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (isRoot && reader.ValueTextEquals("type"u8))
                facts.Kind = ReadKind(ref reader);
            else if (reader.ValueTextEquals("usage"u8))
                ReadUsage(ref reader, ref facts, known);
            else if (reader.ValueTextEquals("stop_reason"u8))
                facts.StopReason = Words.Read(ref reader, KnownReasons) ?? facts.StopReason;
            else if (isRoot && (reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("delta"u8)))
                ReadPart(ref reader, ref facts, known);
            else if (IsGenerated(ref reader))
                ReadText(ref reader, ref facts);
            else
                reader.Skip();
        }
    }

    private static void ReadPart(ref Utf8JsonReader reader, ref MessagesFacts facts, UsageCount known)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
            ReadObject(ref reader, ref facts, known, isRoot: false);
        else
            reader.Skip();
    }

    private static void ReadUsage(ref Utf8JsonReader reader, ref MessagesFacts facts, UsageCount known)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
            facts.Usage = UsageCount.ReadAnthropic(ref reader, known);
        else
            reader.Skip();
    }

    /// <summary>The members in which a model's words stand; <c>content</c> is a message's list of blocks.</summary>
    private static bool IsGenerated(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("thinking"u8) || reader.ValueTextEquals("partial_json"u8) || reader.ValueTextEquals("content"u8);

    private static void ReadText(ref Utf8JsonReader reader, ref MessagesFacts facts)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            facts.TextBytes += reader.ValueSpan.Length;
            return;
        }
        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
            return;
        var depth = reader.CurrentDepth;
        var counts = false;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
                counts = reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("thinking"u8) || (counts && reader.CurrentDepth > depth + 2) || reader.ValueTextEquals("input"u8);
            else if (counts && reader.TokenType == JsonTokenType.String)
                facts.TextBytes += reader.ValueSpan.Length;
        }
    }

    private static MessagesKind ReadKind(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return MessagesKind.Other;
        }
        return reader.ValueTextEquals("message_delta"u8) ? MessagesKind.MessageDelta
            : reader.ValueTextEquals("message_start"u8) ? MessagesKind.MessageStart
            : reader.ValueTextEquals("message_stop"u8) ? MessagesKind.MessageStop
            : reader.ValueTextEquals("message"u8) ? MessagesKind.Message
            : reader.ValueTextEquals("error"u8) ? MessagesKind.Error
            : MessagesKind.Other;
    }
}
