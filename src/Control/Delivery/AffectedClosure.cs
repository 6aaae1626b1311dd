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
        }
        if (affected.Where(a => a.Kind == ConfigKinds.Tenant).Select(a => a.TenantId).ToList() is [_, ..] tenants)
            all.UnionWith(await OwnedAsync(db, await MovedAsync(db, tenants, ct), ct));

        // The reserved tenant calls nothing: what it offers is the platform's resource.
        all.Remove(Affected.Tenant(TenantId.Platform));
        return all;
    }

    /// <summary>Those whose document is still in a group that is not theirs any more.</summary>
    private static Task<List<TenantId>> MovedAsync(ControlDb db, List<TenantId> tenants, CancellationToken ct) =>
        db.ConfigResources
            .Where(r => tenants.Contains(r.TenantId) && r.Kind == ConfigKinds.Tenant && r.Document != null
                && !db.Tenants.Any(t => t.Id == r.TenantId && t.GroupName == r.GroupName))
            .Select(r => r.TenantId)
            .Distinct()
            .ToListAsync(ct);

    /// <summary>All resources of these tenants: their documents, pools and key shards.</summary>
    public static async Task<IEnumerable<Affected>> OwnedAsync(ControlDb db, List<TenantId> tenants, CancellationToken ct)
    {
        if (tenants.Count == 0)
            return [];
        var pools = await db.Pools.Where(p => tenants.Contains(p.TenantId)).Select(p => new { p.TenantId, p.Id }).ToListAsync(ct);
        var shards = await db.ApiKeys.Where(k => tenants.Contains(k.TenantId)).Select(k => new { k.TenantId, k.Shard }).Distinct().ToListAsync(ct);
        return
        [
            .. tenants.Select(Affected.Tenant),
            .. pools.Select(p => Affected.Pool(p.TenantId, p.Id)),
            .. shards.Select(s => Affected.KeyShard(s.TenantId, s.Shard)),
        ];
    }
}
