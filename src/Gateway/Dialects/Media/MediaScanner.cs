using System.Text.Json;
using Platform.Gateway.Answers;

namespace Platform.Gateway.Dialects.Media;

/// <summary>What an answer or an event is, by its <c>type</c>.</summary>
internal enum MediaKind
{
    Other,

    /// <summary><c>transcript.text.done</c> or <c>speech.audio.done</c>: nothing comes after it.</summary>
    Done,

    /// <summary><c>image_generation.completed</c> or <c>image_edit.completed</c>: one image is whole, others may follow.</summary>
    Image,

    Error,
}

/// <summary>What one pass over an answer about images or sound, or over an event of one, found.</summary>
internal struct MediaFacts
{
    public MediaKind Kind;

    /// <summary>Null where no tokens are counted.</summary>
    public UsageCount? Usage;

    /// <summary>Of audio: as the usage says or, without one, the answer itself (<c>verbose_json</c>).</summary>
    public double? Seconds;

    /// <summary>Entries of <c>data</c>.</summary>
    public int Images;

    /// <summary>Bytes of text that was heard.</summary>
    public int TextBytes;

    /// <summary>Entries of <c>choices</c>, which vLLM's chunks of transcriptions have; null without them.</summary>
    public int? Choices;
}

/// <summary>Reads OpenAI's answers about images and sound, and their events, as bytes, in one pass.</summary>
internal static class MediaScanner
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 128 };

    /// <summary>False where the bytes are not one JSON object.</summary>
    public static bool TryScan(ReadOnlySpan<byte> json, out MediaFacts facts)
    {
        facts = default;
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            double? duration = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                ReadMember(ref reader, ref facts, ref duration);
            facts.Seconds ??= facts.Usage is null ? duration : null;
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

    private static void ReadMember(ref Utf8JsonReader reader, ref MediaFacts facts, ref double? duration)
    {
        if (reader.ValueTextEquals("type"u8))
            ReadKind(ref reader, ref facts);
        else if (reader.ValueTextEquals("usage"u8))
            ReadUsage(ref reader, ref facts);
        else if (reader.ValueTextEquals("data"u8))
            facts.Images += CountItems(ref reader);
        else if (reader.ValueTextEquals("duration"u8))
            duration = Seconds(ref reader);
        else if (reader.ValueTextEquals("error"u8))
            ReadError(ref reader, ref facts);
        else if (reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("delta"u8))
            ReadText(ref reader, ref facts);
        else if (reader.ValueTextEquals("choices"u8))
            facts.Choices = CountItems(ref reader);
        else
            reader.Skip();
    }

    private static void ReadKind(ref Utf8JsonReader reader, ref MediaFacts facts)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            facts.Kind = reader.ValueTextEquals("transcript.text.done"u8) || reader.ValueTextEquals("speech.audio.done"u8) ? MediaKind.Done
                : reader.ValueTextEquals("image_generation.completed"u8) || reader.ValueTextEquals("image_edit.completed"u8) ? MediaKind.Image
                : reader.ValueTextEquals("error"u8) ? MediaKind.Error
                : facts.Kind;
        }
        reader.Skip();
    }

    /// <summary>Tokens, or seconds where its <c>type</c> is <c>duration</c>.</summary>
    private static void ReadUsage(ref Utf8JsonReader reader, ref MediaFacts facts)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        var again = reader;
        facts.Usage = UsageCount.Read(ref reader);
        while (again.Read() && again.TokenType == JsonTokenType.PropertyName)
        {
            if (again.ValueTextEquals("seconds"u8))
                facts.Seconds = Seconds(ref again);
            else
                again.Skip();
        }
    }

    private static void ReadError(ref Utf8JsonReader reader, ref MediaFacts facts)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.Null)
            facts.Kind = MediaKind.Error;
        reader.Skip();
    }

    private static void ReadText(ref Utf8JsonReader reader, ref MediaFacts facts)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
            facts.TextBytes += reader.ValueSpan.Length;
        reader.Skip();
    }

    private static int CountItems(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return 0;
        }
        var count = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
            reader.Skip();
        return count;
    }

    /// <summary>From 0 on; null for anything else. Whisper servers write it as a text too.</summary>
    private static double? Seconds(ref Utf8JsonReader reader)
    {
        reader.Read();
        var text = reader.TokenType is JsonTokenType.Number or JsonTokenType.String ? reader.ValueSpan : default;
        var isNumber = System.Buffers.Text.Utf8Parser.TryParse(text, out double value, out var used) && used == text.Length;
        reader.Skip();
        return isNumber && double.IsFinite(value) && value >= 0 ? value : null;
    }
}
