using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>A caller's key; its text is stored nowhere.</summary>
internal sealed class ApiKeyRow
{
    public TenantId TenantId { get; init; }

    public ApiKeyId Id { get; init; }

    public ProjectId ProjectId { get; init; }

    public required string Name { get; init; }

    public ApiKeyPrefix Prefix { get; init; }

    public required string PepperId { get; set; }

    /// <summary>HMAC-SHA256 under the named pepper, 32 bytes.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>The key shard that carries it to the agents, from 0.</summary>
    public int Shard { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }
}
