using System.Text.Json;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
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

    public static PoolDocument Pool(PoolRow pool, SealedSecret? providerKey, SealedSecret? clientCertificate) => new()
    {
        Id = pool.Id,
        TenantId = pool.TenantId,
        Name = pool.Name,
        Engine = pool.Engine,
        AllowPrivateNetworks = pool.TenantId == TenantId.Platform,
        Endpoints =
        [
            .. pool.Endpoints.Where(e => e.RemovedAt is null).OrderBy(e => e.Id.Value)
                .Select(e => new EndpointEntry(e.Id, new(e.Url), e.DrainingSince is not null, e.Capacity)),
        ],
        ProviderKey = providerKey,
        Operations = pool.Operations,
        TrustedAuthorities = pool.TrustedAuthorities,
        ClientCertificate = clientCertificate,
    };

    /// <param name="keys">The shard's keys that are neither revoked nor expired.</param>
    /// <param name="now">A secret whose grace period is over is left out.</param>
    public static KeyShardDocument KeyShard(TenantId tenant, IEnumerable<ApiKeyRow> keys, DateTimeOffset now) => new()
    {
        TenantId = tenant,
        Keys = [.. keys.OrderBy(k => k.Id.Value).SelectMany(k => Secrets(k, now))],
    };

    /// <summary>The key's secret, and the one before the last rotation while that still works.</summary>
    private static IEnumerable<ApiKeyEntry> Secrets(ApiKeyRow key, DateTimeOffset now)
    {
        var models = key.AllowedModels is { } names ? Array.ConvertAll(names, n => ModelName.Parse(n)) : null;
        yield return new(key.Id, key.ProjectId, key.Prefix, key.PepperId, key.Hash, key.ExpiresAt, models, key.IpRanges, key.CacheSeconds);
        if (key is { PreviousPrefix: { } prefix, PreviousPepperId: { } pepper, PreviousHash: { } hash, PreviousExpiresAt: { } end } && end > now)
            yield return new(key.Id, key.ProjectId, prefix, pepper, hash, key.ExpiresAt < end ? key.ExpiresAt : end, models, key.IpRanges, key.CacheSeconds);
    }

    /// <summary>The shared models that a group can serve: each with its targets in the group, in their order; none without.</summary>
    /// <param name="offers">Whom a model that is not offered to all is offered to.</param>
    public static IReadOnlyList<ModelEntry> Catalog(
        IEnumerable<ModelRow> models, string owner, IReadOnlySet<PoolId> poolsOfGroup, ILookup<ModelId, TenantId> offers) =>
    [
        .. models.OrderBy(m => m.Name.Value, StringComparer.Ordinal)
            .Select(m => Model(m, owner, m.Targets.Where(t => poolsOfGroup.Contains(t.PoolId))) with
            {
                OfferedTo = m.OfferedToAll ? null : [.. offers[m.Id].OrderBy(t => t.Value)],
            })
            .Where(m => m.Targets.Count > 0),
    ];

    private static ModelEntry Model(ModelRow model, string owner, IEnumerable<ModelTargetRow> targets) => new(
        model.Id,
        model.Name,
        owner,
        model.CreatedAt,
        [.. targets.OrderBy(t => t.Tier).ThenBy(t => t.Ordinal).Select(t => new ModelTarget(t.PoolId, t.UpstreamModel, t.Weight, t.Tier))],
        model.Aliases is [] ? null : Array.ConvertAll(model.Aliases, a => ModelName.Parse(a)),
        ContextWindow: model.ContextWindow,
        Routing: RoutingOf(model));

    public static ModelRouting? RoutingOf(ModelRow model) => model.Routing?.Deserialize(WireJson.Default.ModelRouting);
}
