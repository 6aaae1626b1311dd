using Platform.Contracts.Ids;

namespace Platform.Contracts.Configuration;

/// <summary>At most <see cref="MaxKeys"/> keys of one tenant. A key that is not listed does not exist: revocation is absence.</summary>
public sealed record KeyShardDocument : WireDocument
{
    public const int MaxKeys = 500;

    /// <summary>Entries of <see cref="Keys"/>: a key that is being rotated stands twice, each secret with its own prefix.</summary>
    public const int MaxEntries = 2 * MaxKeys;

    public required TenantId TenantId { get; init; }

    public IReadOnlyList<ApiKeyEntry> Keys { get; init; } = [];
}

/// <param name="Hash">HMAC-SHA256 of the key's text (<see cref="ApiKeyFormat.Hash"/>) under the named pepper, 32 bytes.</param>
/// <param name="ExpiresAt">From this instant on the key is refused; null for no end.</param>
/// <param name="AllowedModels">The only models, by the name that callers send, that the key may call; null for all.</param>
/// <param name="IpRanges">The only networks (CIDR) that the key may be used from; null for any.</param>
/// <param name="CacheSeconds">Instead of the tenant's <see cref="TrafficSpec.CacheSeconds"/>; null for the tenant's.</param>
public sealed record ApiKeyEntry(
    ApiKeyId Id,
    ProjectId ProjectId,
    ApiKeyPrefix Prefix,
    string PepperId,
    byte[] Hash,
    DateTimeOffset? ExpiresAt = null,
    IReadOnlyList<ModelName>? AllowedModels = null,
    IReadOnlyList<string>? IpRanges = null,
    int? CacheSeconds = null);
