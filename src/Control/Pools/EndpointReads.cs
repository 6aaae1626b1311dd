using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Pools;

/// <summary>A pool's endpoints, less those that were removed.</summary>
internal static class EndpointReads
{
    public const string Thing = "endpoint";

    private static readonly Sorts<EndpointRow> Sorted = new Sorts<EndpointRow>().By("url", e => e.Url);

    public static async Task<FoundAnswer<Page<EndpointAnswer>>> ListAsync(
        TenantId tenantId, PoolId poolId, [AsParameters] PageQuery page, Database database, CancellationToken ct)
    {
        var found = await database.InTenantAsync<Page<EndpointAnswer>?>(
            tenantId,
            async (db, token) => await VersionAsync(db, tenantId, poolId, token) is { } version
                ? await Live(db, tenantId, poolId).Containing(e => e.Url, page)
                    .ToPageAsync(e => e.Id, page, Sorted, e => PoolRows.Answer(e, version), token)
                : null,
            ct);
        return new(found, PoolRows.Thing);
    }

    public static async Task<FoundAnswer<EndpointAnswer>> GetAsync(TenantId tenantId, PoolId poolId, EndpointId id, Database database, CancellationToken ct)
    {
        var found = await database.InTenantAsync(
            tenantId,
            async (db, token) => await VersionAsync(db, tenantId, poolId, token) is { } version
                && await Live(db, tenantId, poolId).AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, token) is { } row
                ? PoolRows.Answer(row, version)
                : null,
            ct);
        return new(found, Thing);
    }

    public static IQueryable<EndpointRow> Live(ControlDb db, TenantId tenant, PoolId pool) =>
        db.Endpoints.Where(e => e.TenantId == tenant && e.PoolId == pool && e.RemovedAt == null);

    /// <summary>The pool's; null where there is no such pool.</summary>
    private static Task<long?> VersionAsync(ControlDb db, TenantId tenant, PoolId pool, CancellationToken ct) =>
        PoolRows.Live(db, tenant).Where(p => p.Id == pool).Select(p => (long?)p.Version).SingleOrDefaultAsync(ct);
}
