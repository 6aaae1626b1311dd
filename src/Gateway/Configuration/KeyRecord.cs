using System.Net;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Gateway.Configuration;

/// <summary>One caller's key, found by its prefix, and the shard that lists it.</summary>
internal sealed class KeyRecord(TenantId tenantId, string shard, ApiKeyEntry entry)
{
    public TenantId TenantId => tenantId;

    public string Shard => shard;

    public ApiKeyEntry Entry => entry;

    /// <summary>The only networks that the key may be used from; null for any.</summary>
    public IReadOnlyList<IPNetwork>? Networks { get; } = IsolationModel.NetworksOf(entry.IpRanges);

    /// <summary>The only models that the key may call, by name or alias; null for all.</summary>
    public HashSet<ModelName>? AllowedModels { get; } = entry.AllowedModels is null ? null : [.. entry.AllowedModels];

    /// <summary>Whether it is what a shard says, compared by what is in the lists.</summary>
    public bool Matches(string otherShard, ApiKeyEntry other) =>
        shard == otherShard
        && entry with { Hash = other.Hash, AllowedModels = other.AllowedModels, IpRanges = other.IpRanges } == other
        && entry.Hash.AsSpan().SequenceEqual(other.Hash)
        && Same(entry.AllowedModels, other.AllowedModels) && Same(entry.IpRanges, other.IpRanges);

    private static bool Same<T>(IReadOnlyList<T>? a, IReadOnlyList<T>? b) => a is null ? b is null : b is not null && a.SequenceEqual(b);
}
