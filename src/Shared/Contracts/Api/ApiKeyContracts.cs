using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Api;

public sealed record CreateApiKeyRequest
{
    [Required, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";

    [Required]
    public ProjectId ProjectId { get; init; }

    /// <summary>Must lie in the future; null for no end.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <param name="Prefix">The public first part, to recognise the key by.</param>
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
    long Version) : IVersioned;

/// <param name="Key">The key's text. The first answer is the only place where it ever appears; null in a replay.</param>
/// <param name="Replayed">The key was made by an earlier request with the same idempotency key.</param>
public sealed record CreatedApiKeyAnswer(ApiKeyAnswer ApiKey, string? Key, bool Replayed = false) : IVersioned, ISecretAnswer
{
    public long Version => ApiKey.Version;

    public object WithoutSecret(bool replayed) => this with { Key = null, Replayed = replayed };
}
