using System.Text.Json;
using Platform.Contracts.Usage;

namespace Platform.Gateway.Answers;

/// <summary>Token counts as an engine says them; parts are contained in <see cref="Input"/> and <see cref="Output"/>.</summary>
internal readonly record struct UsageCount(long Input, long Output, long CachedInput, long CacheWrite, long Reasoning, long Audio)
{
    /// <summary>The part of <see cref="Audio"/> that is output.</summary>
    public long OutputAudio { get; init; }

    /// <summary>Both, each bounded, so that no sum overflows.</summary>
    public static UsageCount operator +(UsageCount left, UsageCount right)
    {
        var (a, b) = (left.Consistent(), right.Consistent());
        return new UsageCount(
            a.Input + b.Input, a.Output + b.Output, a.CachedInput + b.CachedInput, a.CacheWrite + b.CacheWrite, a.Reasoning + b.Reasoning, a.Audio + b.Audio)
        {
            OutputAudio = a.OutputAudio + b.OutputAudio,
        }.Consistent();
    }

    /// <summary>
    /// Reads OpenAI's <c>CompletionUsage</c> and <c>ResponseUsage</c>; the reader stands on its opening brace and ends on
    /// the closing one. Null where it has no count of tokens. An explicit zero is a zero. A total alone, as rankings have
    /// it, is input. SGLang says <c>reasoning_tokens</c> beside the details.
    /// </summary>
    public static UsageCount? Read(ref Utf8JsonReader reader)
    {
        long? input = null, output = null, total = null, reasoning = null;
        var parts = default(UsageCount);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prompt_tokens"u8) || reader.ValueTextEquals("input_tokens"u8))
                input = Number(ref reader);
            else if (reader.ValueTextEquals("completion_tokens"u8) || reader.ValueTextEquals("output_tokens"u8))
                output = Number(ref reader);
            else if (reader.ValueTextEquals("total_tokens"u8))
                total = Number(ref reader);
            else if (reader.ValueTextEquals("reasoning_tokens"u8))
                reasoning = Number(ref reader);
            else if (IsInputDetails(ref reader))
                parts = ReadDetails(ref reader, parts, ofOutput: false);
            else if (reader.ValueTextEquals("completion_tokens_details"u8) || reader.ValueTextEquals("output_tokens_details"u8))
                parts = ReadDetails(ref reader, parts, ofOutput: true);
            else
                reader.Skip();
        }
        return input is null && output is null && total is null ? null : parts with
        {
            Input = input ?? (output is null ? total : null) ?? 0,
            Output = output ?? 0,
            Reasoning = Math.Max(parts.Reasoning, reasoning ?? 0),
        };
    }

    /// <summary>
    /// Reads Anthropic's <c>Usage</c> onto what is known: its input leaves out what the cache gave or took, ours holds it.
    /// The reader stands on the opening brace and ends on the closing one.
    /// </summary>
    public static UsageCount ReadAnthropic(ref Utf8JsonReader reader, UsageCount known)
    {
        var (fresh, cached, written, output) = (known.Input - known.CachedInput - known.CacheWrite, known.CachedInput, known.CacheWrite, known.Output);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("input_tokens"u8))
                fresh = Number(ref reader) ?? fresh;
            else if (reader.ValueTextEquals("cache_read_input_tokens"u8))
                cached = Number(ref reader) ?? cached;
            else if (reader.ValueTextEquals("cache_creation_input_tokens"u8))
                written = Number(ref reader) ?? written;
            else if (reader.ValueTextEquals("output_tokens"u8))
                output = Number(ref reader) ?? output;
            else if (reader.ValueTextEquals("output_tokens_details"u8))
                known = ReadDetails(ref reader, known, ofOutput: true);
            else
                reader.Skip();
        }
        const long most = UsageRecord.MaxTokens;
        (fresh, cached, written) = (Math.Min(fresh, most), Math.Min(cached, most), Math.Min(written, most));
        return known with { Input = fresh + cached + written, CachedInput = cached, CacheWrite = written, Output = output };
    }

    /// <summary>Transcriptions write theirs without an <c>s</c>.</summary>
    private static bool IsInputDetails(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("prompt_tokens_details"u8) || reader.ValueTextEquals("input_tokens_details"u8) || reader.ValueTextEquals("input_token_details"u8);

    /// <summary>
    /// Counts that a ledger can hold, whatever an engine says: none above <see cref="UsageRecord.MaxTokens"/>, and a whole
    /// is at least the sum of its parts. Some providers count reasoning beside the completion, not in it.
    /// </summary>
    public UsageCount Consistent()
    {
        const long most = UsageRecord.MaxTokens;
        var cached = Math.Min(CachedInput, most / 2);
        var written = Math.Min(CacheWrite, most / 2);
        var reasoning = Math.Min(Reasoning, most);
        var spoken = Math.Min(OutputAudio, most / 2);
        var heard = Math.Min(Math.Max(Audio - OutputAudio, 0), most / 2);
        return new(
            Math.Clamp(Input, Math.Max(cached + written, heard), most), Math.Clamp(Output, Math.Max(reasoning, spoken), most),
            cached, written, reasoning, heard + spoken)
        {
            OutputAudio = spoken,
        };
    }

    private static UsageCount ReadDetails(ref Utf8JsonReader reader, UsageCount parts, bool ofOutput)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return parts;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("cached_tokens"u8))
                parts = parts with { CachedInput = Number(ref reader) ?? 0 };
            else if (reader.ValueTextEquals("cache_write_tokens"u8))
                parts = parts with { CacheWrite = Number(ref reader) ?? 0 };
            else if (reader.ValueTextEquals("reasoning_tokens"u8) || reader.ValueTextEquals("thinking_tokens"u8))
                parts = parts with { Reasoning = Number(ref reader) ?? 0 };
            else if (reader.ValueTextEquals("audio_tokens"u8))
                parts = WithAudio(parts, Number(ref reader) ?? 0, ofOutput);
            else
                reader.Skip();
        }
        return parts;
    }

    private static UsageCount WithAudio(UsageCount parts, long count, bool ofOutput)
    {
        count = Math.Min(count, UsageRecord.MaxTokens);
        return ofOutput
            ? parts with { Audio = parts.Audio - parts.OutputAudio + count, OutputAudio = count }
            : parts with { Audio = parts.OutputAudio + count };
    }

    /// <summary>A whole number from 0 on; null for anything else.</summary>
    private static long? Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) && value >= 0)
            return value;
        reader.Skip();
        return null;
    }
}
