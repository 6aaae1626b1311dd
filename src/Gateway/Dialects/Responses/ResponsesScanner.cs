using System.Text.Json;
using Platform.Gateway.Answers;

namespace Platform.Gateway.Dialects.Responses;

/// <summary>What an event of a response is, as far as we must know.</summary>
internal enum ResponsesKind
{
    Other,

    /// <summary>Generated text in <c>delta</c>.</summary>
    Delta,

    /// <summary><c>response.completed</c>, <c>.failed</c>, <c>.incomplete</c> or <c>.cancelled</c>: nothing comes after it.</summary>
    End,

    Error,
}

/// <summary>What one pass over a response, or over an event of one, found.</summary>
internal struct ResponsesFacts
{
    public ResponsesKind Kind;

    public UsageCount? Usage;

    /// <summary>The response's <c>status</c>, or why it is incomplete.</summary>
    public string? Status;

    /// <summary>It has an <c>error</c> that is not null.</summary>
    public bool HasError;

    public int TextBytes;

    public long Sequence;
}

/// <summary>Reads <c>Response</c> objects and their events as bytes, in one pass.</summary>
internal static class ResponsesScanner
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 128 };

    private static readonly string[] KnownStatus = ["completed", "incomplete", "failed", "cancelled", "in_progress", "queued", "max_output_tokens", "content_filter"];

    /// <summary>False where the bytes are not one JSON object.</summary>
    public static bool TryScan(ReadOnlySpan<byte> json, out ResponsesFacts facts)
    {
        facts = default;
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            ReadObject(ref reader, ref facts, isRoot: true);
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

    private static void ReadObject(ref Utf8JsonReader reader, ref ResponsesFacts facts, bool isRoot)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (isRoot && reader.ValueTextEquals("type"u8))
                facts.Kind = ReadKind(ref reader);
            else if (isRoot && reader.ValueTextEquals("sequence_number"u8))
                facts.Sequence = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : 0;
            else if (isRoot && reader.ValueTextEquals("response"u8))
                ReadInner(ref reader, ref facts);
            else if (reader.ValueTextEquals("usage"u8))
                ReadUsage(ref reader, ref facts);
            else if (reader.ValueTextEquals("status"u8))
                facts.Status = Words.Read(ref reader, KnownStatus) ?? facts.Status;
            else if (reader.ValueTextEquals("incomplete_details"u8))
                ReadReason(ref reader, ref facts);
            else if (reader.ValueTextEquals("error"u8))
                facts.HasError |= ReadIsThere(ref reader);
            else if (reader.ValueTextEquals("output"u8) || (isRoot && reader.ValueTextEquals("delta"u8)))
                ReadOutput(ref reader, ref facts);
            else
                reader.Skip();
        }
    }

    private static void ReadInner(ref Utf8JsonReader reader, ref ResponsesFacts facts)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
            ReadObject(ref reader, ref facts, isRoot: false);
        else
            reader.Skip();
    }

    private static void ReadUsage(ref Utf8JsonReader reader, ref ResponsesFacts facts)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
            facts.Usage = UsageCount.Read(ref reader);
        else
            reader.Skip();
    }

    private static void ReadReason(ref Utf8JsonReader reader, ref ResponsesFacts facts)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("reason"u8))
                facts.Status = Words.Read(ref reader, KnownStatus) ?? facts.Status;
            else
                reader.Skip();
        }
    }

    private static bool ReadIsThere(ref Utf8JsonReader reader)
    {
        reader.Read();
        var isThere = reader.TokenType != JsonTokenType.Null;
        reader.Skip();
        return isThere;
    }

    /// <summary>Adds up generated texts: a delta's own, or all of an output list.</summary>
    private static void ReadOutput(ref Utf8JsonReader reader, ref ResponsesFacts facts)
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
                counts = reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("arguments"u8) || reader.ValueTextEquals("refusal"u8);
            else if (counts && reader.TokenType == JsonTokenType.String)
                facts.TextBytes += reader.ValueSpan.Length;
        }
    }

    private static ResponsesKind ReadKind(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return ResponsesKind.Other;
        }
        return reader.ValueTextEquals("response.completed"u8) || reader.ValueTextEquals("response.incomplete"u8)
            || reader.ValueTextEquals("response.failed"u8) || reader.ValueTextEquals("response.cancelled"u8) ? ResponsesKind.End
            : reader.ValueTextEquals("error"u8) ? ResponsesKind.Error
            : reader.ValueSpan.EndsWith(".delta"u8) ? ResponsesKind.Delta
            : ResponsesKind.Other;
    }
}
