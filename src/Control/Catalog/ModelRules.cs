using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Catalog;

/// <summary>What a model's request may say, beyond its shape. A pool or a tenant that is none of the caller's does not exist.</summary>
internal static class ModelRules
{
    /// <summary>Whose each of the asked pools is, and everything that is wrong.</summary>
    public static async Task<(Faults Faults, Dictionary<PoolId, TenantId> Pools)> CheckAsync(
        ControlDb db, TenantRow tenant, ModelId id, ModelRequest request, CancellationToken ct)
    {
        var faults = new Faults();
        var pools = await PoolsAsync(db, tenant, request, ct);
        foreach (var (index, target) in request.Targets.Index())
        {
            if (!pools.ContainsKey(target.PoolId))
                faults.Add($"targets[{index}].poolId", $"There is no pool {target.PoolId}.", ProblemCodes.PoolUnknown);
        }
        await CheckNamesAsync(db, tenant.Id, id, request, faults, ct);
        await CheckOffersAsync(db, tenant.Id, request, faults, ct);
        return (faults, pools);
    }

    /// <summary>The tenant's own pools, and shared ones that the tenant's agents hold; the platform's own models may name any shared pool.</summary>
    private static Task<Dictionary<PoolId, TenantId>> PoolsAsync(ControlDb db, TenantRow tenant, ModelRequest request, CancellationToken ct)
    {
        var asked = request.Targets.Select(t => t.PoolId).Distinct().ToList();
        var shared = tenant.Id == TenantId.Platform;
        return db.Pools
            .Where(p => asked.Contains(p.Id) && p.DeletedAt == null && (shared || p.GroupName == tenant.GroupName))
            .Where(p => p.TenantId == tenant.Id || p.TenantId == TenantId.Platform)
            .Select(p => new { p.Id, p.TenantId })
            .ToDictionaryAsync(p => p.Id, p => p.TenantId, ct);
    }

    private static async Task CheckNamesAsync(ControlDb db, TenantId tenant, ModelId id, ModelRequest request, Faults faults, CancellationToken ct)
    {
        var others = await db.Models.Where(m => m.TenantId == tenant && m.Id != id && m.DeletedAt == null)
            .Select(m => new { m.Name, m.Aliases }).ToListAsync(ct);
        var taken = others.SelectMany(m => m.Aliases.Append(m.Name.Value)).ToHashSet(StringComparer.Ordinal);
        if (others.Any(m => m.Aliases.Contains(request.Name)))
            faults.Add("name", "It is the alias of another model.", ProblemCodes.NameTaken);
        foreach (var (index, alias) in request.Aliases.Index())
        {
            var path = $"aliases[{index}]";
            if (!ModelName.TryParse(alias, null, out _))
                faults.Add(path, "must be 1 to 128 characters of letters, digits and . _ : / @ -.");
            else if (alias == request.Name || request.Aliases.Take(index).Contains(alias, StringComparer.Ordinal))
                faults.Add(path, "It stands twice.");
            else if (taken.Contains(alias))
                faults.Add(path, "It is the name or an alias of another model.", ProblemCodes.NameTaken);
        }
    }

    private static async Task CheckOffersAsync(ControlDb db, TenantId tenant, ModelRequest request, Faults faults, CancellationToken ct)
    {
        if (request.OfferedTo is not { } offered)
            return;
        if (tenant != TenantId.Platform)
        {
            faults.Add("offeredTo", "Only the platform's models are offered to tenants.");
            return;
        }
        var known = await db.Tenants.Where(t => offered.Contains(t.Id) && t.Id != TenantId.Platform && t.ClosedAt == null).Select(t => t.Id).ToListAsync(ct);
        foreach (var (index, id) in offered.Index().Where(o => !known.Contains(o.Item)))
            faults.Add($"offeredTo[{index}]", $"There is no tenant {id}.", ProblemCodes.TenantUnknown);
    }
}
