using System.Text.Json;
using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>A stored <see cref="Contracts.Usage.UsageRecord"/>; the table is partitioned by <see cref="Day"/>.</summary>
internal sealed class UsageRecordRow
{
    public TenantId TenantId { get; init; }

    /// <summary>The UTC day of <see cref="StartedAt"/>.</summary>
    public DateOnly Day { get; init; }

    public RequestId Id { get; init; }

    public AgentId AgentId { get; init; }

    public BootId BootId { get; init; }

    public long Sequence { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }

    public ProjectId ProjectId { get; init; }

    public ApiKeyId? ApiKeyId { get; init; }

    public required string ModelAsked { get; init; }

    public required string ModelServed { get; init; }

    public PoolId PoolId { get; init; }

    public EndpointId EndpointId { get; init; }

    public required string Operation { get; init; }

    public bool Streamed { get; init; }

    public long InputTokens { get; init; }

    public long CachedInputTokens { get; init; }

    public long CacheWriteTokens { get; init; }

    public long OutputTokens { get; init; }

    public long ReasoningTokens { get; init; }

    public long AudioTokens { get; init; }

    public long OutputAudioTokens { get; init; }

    public long Images { get; init; }

    public double AudioSeconds { get; init; }

    public long Characters { get; init; }

    public required string UsageSource { get; init; }

    public int Status { get; init; }

    public string? ErrorCode { get; init; }

    public string? FinishReason { get; init; }

    public double QueueMs { get; init; }

    public double? FirstTokenMs { get; init; }

    public double TotalMs { get; init; }

    public int Tries { get; init; }

    public long ConfigRevision { get; init; }

    public RequestId? Corrects { get; init; }

    public bool Cached { get; init; }

    /// <summary>A list of <see cref="Contracts.Usage.UsageAttempt"/>; null where the first try answered.</summary>
    public JsonElement? Attempts { get; init; }
}
