using Platform.Contracts.Ids;

namespace Platform.Contracts.Configuration;

/// <summary>At most <see cref="MaxKeys"/> keys of one tenant. A key that is not listed does not exist: revocation is absence.</summary>
public sealed record KeyShardDocument : WireDocument
{
    public const int MaxKeys = 500;

    public required TenantId TenantId { get; init; }

    public IReadOnlyList<ApiKeyEntry> Keys { get; init; } = [];
}

/// <param name="Hash">HMAC-SHA256 of the key's text (<see cref="ApiKeyFormat.Hash"/>) under the named pepper, 32 bytes.</param>
/// <param name="ExpiresAt">From this instant on the key is refused; null for no end.</param>
public sealed record ApiKeyEntry(
    ApiKeyId Id,
    ProjectId ProjectId,
    ApiKeyPrefix Prefix,
    string PepperId,
    byte[] Hash,
    DateTimeOffset? ExpiresAt = null);
