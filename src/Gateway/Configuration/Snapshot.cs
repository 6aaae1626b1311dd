using System.Collections.Immutable;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;

namespace Platform.Gateway.Configuration;

/// <summary>All that an agent holds at one revision. Immutable; the next one shares what did not change.</summary>
internal sealed record Snapshot(
    Guid Epoch,
    long Revision,
    PlatformModel Platform,
    ImmutableDictionary<TenantId, TenantModel> Tenants,
    ImmutableDictionary<PoolId, PoolModel> Pools,
    ImmutableDictionary<string, KeyShardModel> KeyShards,
    KeyIndex Keys,
    ImmutableDictionary<(string Kind, string Key), RejectedResource> Rejected)
{
    /// <summary>Nothing, at revision 0 of no epoch.</summary>
    public static readonly Snapshot Empty = new(
        Guid.Empty, 0, PlatformModel.Empty,
        ImmutableDictionary<TenantId, TenantModel>.Empty,
        ImmutableDictionary<PoolId, PoolModel>.Empty,
        ImmutableDictionary<string, KeyShardModel>.Empty,
        KeyIndex.Empty,
        ImmutableDictionary<(string, string), RejectedResource>.Empty);
}
