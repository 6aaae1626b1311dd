using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>A caller's key; its text is stored nowhere.</summary>
internal sealed class ApiKeyRow
{
    public TenantId TenantId { get; init; }

    public ApiKeyId Id { get; init; }

    public ProjectId ProjectId { get; init; }

    public required string Name { get; set; }

    public ApiKeyPrefix Prefix { get; set; }

    public required string PepperId { get; set; }

    /// <summary>HMAC-SHA256 under the named pepper, 32 bytes.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>The key shard that carries it to the agents, from 0.</summary>
    public int Shard { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Models that the key may call, by the name that callers send; null for all.</summary>
    public string[]? AllowedModels { get; set; }

    /// <summary>Networks in CIDR notation that the key may be used from; null for any.</summary>
    public string[]? IpRanges { get; set; }

    /// <summary>Instead of what the tenant's traffic policy says; null for that.</summary>
    public int? CacheSeconds { get; set; }

    /// <summary>The secret before the last rotation, while its grace period runs.</summary>
    public ApiKeyPrefix? PreviousPrefix { get; set; }

    public string? PreviousPepperId { get; set; }

    public byte[]? PreviousHash { get; set; }

    public DateTimeOffset? PreviousExpiresAt { get; set; }

    public DateTimeOffset? RotatedAt { get; set; }

    /// <summary>When the newest record of usage under it began; written by the ledger, no part of the version.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>Grows with each change; the resource's ETag.</summary>
    public long Version { get; set; } = 1;
}
