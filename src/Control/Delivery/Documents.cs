using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Data.Entities;

namespace Platform.Control.Delivery;

/// <summary>Documents from rows: no I/O, the same input gives the same document.</summary>
internal static class Documents
{
    public static TenantDocument Tenant(TenantRow tenant, IEnumerable<ModelRow> models) => new()
    {
        Id = tenant.Id,
        Slug = tenant.Slug,
        Suspended = tenant.Suspended,
        EndsStreams = tenant.EndsStreams,
        Models = [.. models.OrderBy(m => m.Name.Value, StringComparer.Ordinal).Select(m => Model(m, tenant.Slug, m.Targets))],
    };

    public static PoolDocument Pool(PoolRow pool, SealedSecret? providerKey) => new()
    {
        Id = pool.Id,
        TenantId = pool.TenantId,
        Name = pool.Name,
        Engine = pool.Engine,
        AllowPrivateNetworks = pool.TenantId == TenantId.Platform,
        Endpoints = [.. pool.Endpoints.OrderBy(e => e.Id.Value).Select(e => new EndpointEntry(e.Id, new(e.Url)))],
        ProviderKey = providerKey,
    };

    /// <param name="keys">The shard's keys that are neither revoked nor expired.</param>
    public static KeyShardDocument KeyShard(TenantId tenant, IEnumerable<ApiKeyRow> keys) => new()
    {
        TenantId = tenant,
        Keys = [.. keys.OrderBy(k => k.Id.Value).Select(k => new ApiKeyEntry(k.Id, k.ProjectId, k.Prefix, k.PepperId, k.Hash, k.ExpiresAt))],
    };

    /// <summary>The shared models that a group can serve: each with its targets in the group, in their order; none without.</summary>
    public static IReadOnlyList<ModelEntry> Catalog(IEnumerable<ModelRow> models, string owner, IReadOnlySet<PoolId> poolsOfGroup) =>
    [
        .. models.OrderBy(m => m.Name.Value, StringComparer.Ordinal)
            .Select(m => Model(m, owner, m.Targets.Where(t => poolsOfGroup.Contains(t.PoolId))))
            .Where(m => m.Targets.Count > 0),
    ];

    private static ModelEntry Model(ModelRow model, string owner, IEnumerable<ModelTargetRow> targets) => new(
        model.Id,
        model.Name,
        owner,
        model.CreatedAt,
        [.. targets.OrderBy(t => t.Ordinal).Select(t => new ModelTarget(t.PoolId, t.UpstreamModel, t.Weight))]);
}
