using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Hosting.Outbound;

namespace Platform.Control.Policies;

/// <summary>What can be wrong with an isolation policy beyond its shape.</summary>
internal static class IsolationChecks
{
    public static void CheckNetworks(IReadOnlyList<string>? networks, Faults faults)
    {
        foreach (var (index, text) in (networks ?? []).Index())
        {
            if (text?.Contains('/', StringComparison.Ordinal) is not true || !IpRange.TryParse(text, out _))
                faults.Add($"ipRanges[{index}]", "must be a network like 192.0.2.0/24 or 2001:db8::/32, with no bits set after the prefix.");
        }
    }

    /// <summary>The tenant's own pools and the shared ones are there to be allowed.</summary>
    /// <param name="before">Those that are allowed already: they may stay although they are gone.</param>
    public static async Task CheckPoolsAsync(
        ControlDb db, TenantId tenant, IReadOnlyList<PoolId>? pools, IReadOnlyList<PoolId>? before, Faults faults, CancellationToken ct)
    {
        if (pools is null)
            return;
        var asked = pools.ToList();
        var known = await db.Pools
            .Where(p => asked.Contains(p.Id) && p.DeletedAt == null && (p.TenantId == tenant || p.TenantId == TenantId.Platform))
            .Select(p => p.Id)
            .ToListAsync(ct);
        foreach (var (index, id) in asked.Index().Where(p => !known.Contains(p.Item) && before?.Contains(p.Item) is not true))
            faults.Add($"allowedPools[{index}]", $"There is no pool {id}.", ProblemCodes.PoolUnknown);
    }
}
