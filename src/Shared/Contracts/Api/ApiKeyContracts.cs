using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Api;

/// <summary>POST /api/v1/tenants/{tenantId}/api-keys.</summary>
public sealed record CreateApiKeyRequest
{
    [Required, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";

    [Required]
    public ProjectId ProjectId { get; init; }

    /// <summary>Must lie in the future; null for no end.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The only models that the key may call, by the names that callers send; null for all.</summary>
    [Length(1, 100)]
    public IReadOnlyList<string>? AllowedModels { get; init; }

    /// <summary>The only networks that the key may be used from, in CIDR notation; null for any.</summary>
    [Length(1, 100), Networks]
    public IReadOnlyList<string>? IpRanges { get; init; }

    /// <summary>Seconds that the key's answers may come from the cache, instead of what the tenant's traffic policy says; 0 for never.</summary>
    [Range(0, TrafficSpec.MaxSeconds)]
    public int? CacheSeconds { get; init; }
}

/// <summary>PUT /api/v1/tenants/{tenantId}/api-keys/{id}: what a key may do, not what it is.</summary>
public sealed record UpdateApiKeyRequest
{
    [Required, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";

    /// <inheritdoc cref="CreateApiKeyRequest.ExpiresAt"/>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <inheritdoc cref="CreateApiKeyRequest.AllowedModels"/>
    [Length(1, 100)]
    public IReadOnlyList<string>? AllowedModels { get; init; }

    /// <inheritdoc cref="CreateApiKeyRequest.IpRanges"/>
    [Length(1, 100), Networks]
    public IReadOnlyList<string>? IpRanges { get; init; }

    /// <inheritdoc cref="CreateApiKeyRequest.CacheSeconds"/>
    [Range(0, TrafficSpec.MaxSeconds)]
    public int? CacheSeconds { get; init; }
}

/// <summary>POST /api/v1/tenants/{tenantId}/api-keys/{id}/rotate.</summary>
public sealed record RotateApiKeyRequest
{
    /// <summary>Minutes in which the old secret works beside the new one; 0 ends it at once. The one before it ends at once in any case.</summary>
    [Range(0, 30 * 24 * 60)]
    public int GraceMinutes { get; init; } = 24 * 60;
}

/// <param name="Prefix">The public first part, to recognise the key by.</param>
/// <param name="LastUsedAt">To the minute.</param>
/// <param name="CacheSeconds">Null for what the tenant's traffic policy says.</param>
/// <param name="PreviousSecretExpiresAt">Until when the secret before the last rotation works; null when it does not.</param>
public sealed record ApiKeyAnswer(
    ApiKeyId Id,
    string Name,
    ProjectId ProjectId,
    ApiKeyPrefix Prefix,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    IReadOnlyList<string>? AllowedModels,
    IReadOnlyList<string>? IpRanges,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? RotatedAt,
    DateTimeOffset? PreviousSecretExpiresAt,
    long Version,
    int? CacheSeconds = null) : IVersioned;

/// <param name="Key">The key's text. The first answer is the only place where it ever appears; null in a replay and a dry run.</param>
/// <param name="Replayed">The key was made by an earlier request with the same idempotency key.</param>
public sealed record CreatedApiKeyAnswer(ApiKeyAnswer ApiKey, string? Key, bool Replayed = false) : IVersioned, ISecretAnswer
{
    public long Version => ApiKey.Version;

    public object WithoutSecret(bool replayed) => this with { Key = null, Replayed = replayed };
}
