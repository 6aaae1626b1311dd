using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Data;

namespace Platform.Control.Delivery;

/// <summary>What else a change touches: a writer names what it changed, not what follows from it.</summary>
internal static class AffectedClosure
{
    public static async Task<IReadOnlyCollection<Affected>> OfAsync(ControlDb db, IReadOnlyCollection<Affected> affected, CancellationToken ct)
    {
        var all = new HashSet<Affected>(affected);
        foreach (var resource in affected)
        {
            // A shared model is in the catalog of the groups that its pools are in.
            if (resource is { Kind: ConfigKinds.Pool or ConfigKinds.Tenant } && resource.TenantId == TenantId.Platform)
                all.Add(Affected.Platform);
            if (resource.Kind == ConfigKinds.Tenant && await HasMovedAsync(db, resource.TenantId, ct))
                all.UnionWith(await OwnedAsync(db, resource.TenantId, ct));
        }

        // The reserved tenant calls nothing: what it offers is the platform's resource.
        all.Remove(Affected.Tenant(TenantId.Platform));
        return all;
    }

    private static Task<bool> HasMovedAsync(ControlDb db, TenantId tenant, CancellationToken ct)
    {
        var key = tenant.ToString();
        return db.ConfigResources.AnyAsync(
            r => r.TenantId == tenant && r.Kind == ConfigKinds.Tenant && r.Key == key && r.Document != null
                && !db.Tenants.Any(t => t.Id == tenant && t.GroupName == r.GroupName),
            ct);
    }

    /// <summary>All resources of a tenant: its document, its pools, its key shards.</summary>
    public static async Task<IEnumerable<Affected>> OwnedAsync(ControlDb db, TenantId tenant, CancellationToken ct)
    {
        var pools = await db.Pools.Where(p => p.TenantId == tenant).Select(p => p.Id).ToListAsync(ct);
        var shards = await db.ApiKeys.Where(k => k.TenantId == tenant).Select(k => k.Shard).Distinct().ToListAsync(ct);
        return
        [
            Affected.Tenant(tenant),
            .. pools.Select(p => Affected.Pool(tenant, p)),
            .. shards.Select(s => Affected.KeyShard(tenant, s)),
        ];
    }
}
