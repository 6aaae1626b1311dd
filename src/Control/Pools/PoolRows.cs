using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;

namespace Platform.Control.Pools;

/// <summary>Pools as they are read and changed; one that was deleted is not there any more.</summary>
internal static class PoolRows
{
    public const string Thing = "pool";

    public static IQueryable<PoolRow> Live(ControlDb db, TenantId tenant) => db.Pools.Where(p => p.TenantId == tenant && p.DeletedAt == null);

    /// <summary>With the endpoints that were not removed, and what its agents are known by upstream.</summary>
    public static IQueryable<PoolRow> Whole(this IQueryable<PoolRow> pools) => pools
        .Include(p => p.Endpoints.Where(e => e.RemovedAt == null).OrderBy(e => e.Id))
        .Include(p => p.ProviderKey)
        .Include(p => p.ClientCertificate)
        .AsSplitQuery();

    /// <summary>With the provider key and the client certificate.</summary>
    public static IQueryable<PoolRow> WithCredentials(IQueryable<PoolRow> pools) => pools.Include(p => p.ProviderKey).Include(p => p.ClientCertificate);

    /// <summary>
    /// A change of one pool. The platform's pools are used by every tenant's models, so whoever changes them must see all
    /// of these.
    /// </summary>
    /// <param name="load">What the change needs of the pool.</param>
    public static Task<Written<T>> ChangePoolAsync<T>(
        this ConfigWriter writer,
        TenantId tenant,
        PoolId id,
        WriteCall call,
        Func<IQueryable<PoolRow>, IQueryable<PoolRow>> load,
        Func<ConfigWrite, PoolRow, CancellationToken, Task<Outcome<T>>> change,
        CancellationToken ct)
    {
        return tenant == TenantId.Platform
            ? writer.InPlatformAsync<T>(tenant, call, OnceAsync, ct)
            : writer.InTenantAsync<T>(tenant, call, OnceAsync, ct);

        async Task<Outcome<T>> OnceAsync(ConfigWrite write, CancellationToken token)
        {
            if (await load(Live(write.Db, tenant)).SingleOrDefaultAsync(p => p.Id == id, token) is not { } row)
                return Failure.NotFound(Thing);
            if (write.IsStale(row.Version, out var stale))
                return stale;
            return await change(write, row, token);
        }
    }

    /// <summary>The pool has another version, and agents hear of it.</summary>
    public static void Changed(this ConfigWrite write, PoolRow row)
    {
        row.Version++;
        write.Affects(Affected.Pool(row.TenantId, row.Id));
    }

    public static PoolAnswer Answer(PoolRow row) => new(
        row.Id,
        row.Name,
        row.Engine,
        row.GroupName,
        [.. row.Endpoints.OrderBy(e => e.Id.Value).Select(e => Answer(e, row.Version))],
        row.ProviderKey is not null,
        row.ClientCertificate is not null,
        row.Operations,
        row.TrustedAuthorities,
        row.CreatedAt,
        row.Version);

    public static EndpointAnswer Answer(EndpointRow row, long version) => new(row.Id, new(row.Url), row.Capacity, row.DrainingSince, row.CreatedAt, version);
}
