using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;

namespace Platform.Control.Catalog;

/// <summary>
/// What a tenant's callers may name, by the rules that its agents resolve names with: a tenant's own name or alias hides
/// what the catalog has under it, and a model without a pool that the tenant's agents reach and its isolation policy
/// allows does not exist.
/// </summary>
internal static class CatalogEndpoints
{
    public static Task<Page<CatalogEntryAnswer>> ListAsync(TenantId tenantId, [AsParameters] PageQuery page, Database database, CancellationToken ct) =>
        database.InTenantAsync(
            tenantId,
            async (db, token) =>
            {
                var slug = await ModelEndpoints.SlugAsync(db, tenantId, token);
                var pools = await ReachableAsync(db, tenantId, token);
                var engines = await pools.Select(p => new { p.Id, p.Engine }).ToDictionaryAsync(p => p.Id, p => p.Engine, token);
                var own = await OwnNamesAsync(db, tenantId, token);
                var models = ModelEndpoints.Seen(db, tenantId)
                    .Where(m => m.TenantId == tenantId || !own.Contains(m.Name))
                    .Where(m => m.Targets.Any(t => pools.Any(p => p.TenantId == t.PoolTenantId && p.Id == t.PoolId)));
                return await ModelEndpoints.Whole(models).Containing(m => (string)(object)m.Name, page)
                    .ToPageAsync(m => m.Id, page, ModelEndpoints.Sorted, m => Entry(m, tenantId, slug, engines, own), token);
            },
            ct);

    /// <summary>The pools that the tenant's requests may go to. The platform's tenant calls nothing: its catalog is that of all groups.</summary>
    private static async Task<IQueryable<PoolRow>> ReachableAsync(ControlDb db, TenantId tenant, CancellationToken ct)
    {
        var pools = db.Pools.Where(p => p.DeletedAt == null && (p.TenantId == tenant || p.TenantId == TenantId.Platform));
        if (tenant == TenantId.Platform)
            return pools;
        pools = pools.Where(p => db.Tenants.Any(t => t.Id == tenant && t.GroupName == p.GroupName));
        var allowed = EffectiveIsolation.Of(await PolicyDocuments.IsolationAsync(db, tenant, ct))?.AllowedPools?.ToList();
        return allowed is null ? pools : pools.Where(p => allowed.Contains(p.Id));
    }

    /// <summary>Names and aliases of the tenant's own models; none for the platform, whose models are the catalog.</summary>
    private static async Task<List<ModelName>> OwnNamesAsync(ControlDb db, TenantId tenant, CancellationToken ct)
    {
        if (tenant == TenantId.Platform)
            return [];
        var own = await db.Models.Where(m => m.TenantId == tenant && m.DeletedAt == null).Select(m => new { m.Name, m.Aliases }).ToListAsync(ct);
        return [.. own.SelectMany(m => ModelEndpoints.Names(m.Aliases).Append(m.Name))];
    }

    private static CatalogEntryAnswer Entry(
        ModelRow row, TenantId tenant, string slug, Dictionary<PoolId, string> engines, List<ModelName> own)
    {
        var isOwn = row.TenantId == tenant;
        return new(
            row.Id,
            row.Name,
            [.. ModelEndpoints.Names(row.Aliases).Where(a => isOwn || !own.Contains(a))],
            ModelEndpoints.OwnerOf(row, slug),
            row.TenantId == TenantId.Platform,
            row.Description,
            row.ContextWindow,
            [.. ModelEndpoints.InOrder(row).Select(t => engines.GetValueOrDefault(t.PoolId)).OfType<string>().Distinct()]);
    }
}
