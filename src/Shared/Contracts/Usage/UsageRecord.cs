using System.Text.Json.Serialization;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Usage;

/// <summary>
/// One for each dispatched request; never changed, corrected only by another record. Counts are tokens; the total of
/// the input is <see cref="InputTokens"/>, of which <see cref="CachedInputTokens"/> and
/// <see cref="CacheWriteTokens"/> are parts; of <see cref="OutputTokens"/>, <see cref="ReasoningTokens"/> are a part.
/// </summary>
public sealed record UsageRecord
{
    /// <summary>The most tokens of one type in one record: far beyond anything real, and sums of it do not overflow.</summary>
    public const long MaxTokens = 1_000_000_000;

    /// <summary>The most seconds of audio in one record: four months.</summary>
    public const double MaxAudioSeconds = 10_000_000;

    /// <summary>The most tries that a record tells of.</summary>
    public const int MaxAttempts = 10;

    /// <summary>UUIDv7; the answer's <c>x-request-id</c>, sent upstream too.</summary>
    public required RequestId Id { get; init; }

    public required AgentId AgentId { get; init; }

    public required BootId BootId { get; init; }

    /// <summary>Position in the boot's journal, from 1 without gaps. 0 before it is journalled.</summary>
    public long Sequence { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required TenantId TenantId { get; init; }

    public required ProjectId ProjectId { get; init; }

    public ApiKeyId? ApiKeyId { get; init; }

    public required string ModelAsked { get; init; }

    /// <summary>The upstream's name of the model.</summary>
    public required string ModelServed { get; init; }

    public required PoolId PoolId { get; init; }

    public required EndpointId EndpointId { get; init; }

    /// <summary>One of <see cref="Operations"/>.</summary>
    public required string Operation { get; init; }

    public bool Streamed { get; init; }

    public long InputTokens { get; init; }

    public long CachedInputTokens { get; init; }

    public long CacheWriteTokens { get; init; }

    public long OutputTokens { get; init; }

    public long ReasoningTokens { get; init; }

    /// <summary>Of the input and of the output together.</summary>
    public long AudioTokens { get; init; }

    /// <summary>The part of <see cref="AudioTokens"/> that is output.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long OutputAudioTokens { get; init; }

    /// <summary>Images that were made.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Images { get; init; }

    /// <summary>Seconds of audio that were written down, where the engine counts so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double AudioSeconds { get; init; }

    /// <summary>Characters of text (Unicode scalar values) that were spoken, or where the engine counts so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Characters { get; init; }

    /// <summary>One of <see cref="UsageSources"/>.</summary>
    public required string UsageSource { get; init; }

    /// <summary>The status the caller got; 499 when the caller left before it got one.</summary>
    public required int Status { get; init; }

    public string? ErrorCode { get; init; }

    public string? FinishReason { get; init; }

    /// <summary>Milliseconds between arrival and dispatch to the endpoint that answered.</summary>
    public double QueueMs { get; init; }

    /// <summary>Milliseconds from arrival to the first byte of the answer's body; null when none came.</summary>
    public double? FirstTokenMs { get; init; }

    /// <summary>Milliseconds from arrival to the end.</summary>
    public double TotalMs { get; init; }

    /// <summary>Endpoints tried, the last one included.</summary>
    public int Tries { get; init; } = 1;

    /// <summary>
    /// Each try in its order, the last one included, at most <see cref="MaxAttempts"/>; null where the first one answered.
    /// </summary>
    public IReadOnlyList<UsageAttempt>? Attempts { get; init; }

    /// <summary>
    /// True where the answer came from the agent's cache: nothing was sent upstream, <see cref="PoolId"/>,
    /// <see cref="EndpointId"/> and the counts are those of the answer when it was made.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Cached { get; init; }

    public long ConfigRevision { get; init; }

    /// <summary>The record that this one corrects; null for an original.</summary>
    public RequestId? Corrects { get; init; }
}

/// <summary>One try of a request at one endpoint.</summary>
/// <param name="ErrorCode">What the caller would have been told had it been the last one; null where the endpoint answered.</param>
/// <param name="Ms">Milliseconds from its dispatch to its end.</param>
/// <param name="InputTokens">What a try that broke had counted of the input; 0 where the endpoint said nothing.</param>
/// <param name="OutputTokens">What a try that broke had counted of the output; 0 where the endpoint said nothing.</param>
public sealed record UsageAttempt(
    PoolId PoolId, EndpointId EndpointId, string? ErrorCode, double Ms, long InputTokens = 0, long OutputTokens = 0);

/// <summary>What was asked for; the first three are OpenTelemetry's names (<c>gen_ai.operation.name</c>).</summary>
public static class Operations
{
    public const string Chat = "chat";
    public const string Completion = "text_completion";
    public const string Embeddings = "embeddings";
    public const string Responses = "responses";
    public const string Messages = "messages";
    public const string CountTokens = "count_tokens";
    public const string Rerank = "rerank";
    public const string Score = "score";
    public const string Moderation = "moderation";
    public const string Tokenize = "tokenize";
    public const string Transcription = "transcription";
    public const string Translation = "translation";
    public const string Speech = "speech";
    public const string ImageGeneration = "image_generation";
    public const string ImageEdit = "image_edit";
    public const string ImageVariation = "image_variation";
    public const string CountInput = "count_input";
}

public static class UsageSources
{
    /// <summary>The engine's own final count.</summary>
    public const string Provider = "provider";

    /// <summary>The engine's count up to where the stream was cut.</summary>
    public const string Partial = "partial";

    /// <summary>Counted by us, because the engine gave nothing.</summary>
    public const string Estimated = "estimated";
}
