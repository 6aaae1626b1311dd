using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Pools;

/// <summary>Reading pools. A tenant's own are its tenant's; shared ones are those of the platform's tenant.</summary>
internal static class PoolEndpoints
{
    private static readonly Sorts<PoolRow> Sorted = new Sorts<PoolRow>().By("name", p => p.Name);

    public static Task<Page<PoolAnswer>> ListAsync(
        TenantId tenantId, [AsParameters] PageQuery page, [FromQuery] string? engine, Database database, CancellationToken ct)
    {
        if (engine is not null && !Engines.All.Contains(engine))
            throw new RequestPartException("engine", $"must be one of {string.Join(", ", Engines.All)}.");
        return database.InTenantAsync(
            tenantId,
            (db, token) => PoolRows.Live(db, tenantId)
                .Where(p => engine == null || p.Engine == engine)
                .Containing(p => p.Name, page)
                .Whole()
                .ToPageAsync(p => p.Id, page, Sorted, PoolRows.Answer, token),
            ct);
    }

    public static async Task<FoundAnswer<PoolAnswer>> GetAsync(TenantId tenantId, PoolId id, Database database, CancellationToken ct)
    {
        var row = await database.InTenantAsync(
            tenantId, (db, token) => PoolRows.Live(db, tenantId).Whole().AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, token), ct);
        return new(row is null ? null : PoolRows.Answer(row), PoolRows.Thing);
    }

    /// <summary>The platform's pools that the tenant's own agents reach; their addresses are the operator's business.</summary>
    public static Task<Page<SharedPoolAnswer>> SharedAsync(TenantId tenantId, [AsParameters] PageQuery page, Database database, CancellationToken ct) =>
        database.InTenantAsync(
            tenantId,
            (db, token) => PoolRows.Live(db, TenantId.Platform)
                .Where(p => db.Tenants.Any(t => t.Id == tenantId && t.GroupName == p.GroupName))
                .Containing(p => p.Name, page)
                .ToPageAsync(p => p.Id, page, Sorted, p => new SharedPoolAnswer(p.Id, p.Name, p.Engine), token),
            ct);
}
