using System.Text;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Secrets;

namespace Platform.Control.Pools;

/// <summary>A pool's upstream credential: written and never read, but by who sends it on.</summary>
internal static class ProviderKeys
{
    private const string Thing = "provider key";
    private const int HintLength = 4;

    /// <summary>Of a shorter key, a hint would be too much of it.</summary>
    private const int MinLengthForHint = 12;

    public static async Task<FoundAnswer<ProviderKeyAnswer>> GetAsync(TenantId tenantId, PoolId poolId, Database database, CancellationToken ct)
    {
        var (pool, key) = await database.InTenantAsync(
            tenantId,
            async (db, token) =>
            {
                var row = await PoolRows.Live(db, tenantId).Include(p => p.ProviderKey).AsNoTracking().SingleOrDefaultAsync(p => p.Id == poolId, token);
                return (row, row?.ProviderKey);
            },
            ct);
        return pool is null || key is null ? new(null, pool is null ? PoolRows.Thing : Thing) : new(Answer(key, pool.Version), Thing);
    }

    /// <summary>Sets the key; one that was there is replaced, and agents have the new one within a moment.</summary>
    public static async Task<WriteAnswer<ProviderKeyAnswer, Changes>> SetAsync(
        TenantId tenantId, PoolId poolId, ProviderKeyRequest request, WriteCall call, ConfigWriter writer, MasterKey master, CancellationToken ct)
    {
        var written = await writer.ChangePoolAsync<ProviderKeyAnswer>(tenantId, poolId, call, WithKey, (write, pool, _) =>
        {
            var before = pool.ProviderKey is { } old ? Answer(old, pool.Version) : null;
            var fresh = Row(tenantId, poolId, request.Key, master, write.Now);
            if (pool.ProviderKey is { } row)
                (row.Sealed, row.Hint, row.RotatedAt) = (fresh.Sealed, fresh.Hint, write.Now);
            else
                pool.ProviderKey = fresh;
            write.Changed(pool);
            var after = Answer(pool.ProviderKey, pool.Version);
            write.Audit("provider-key.update", poolId.ToString(), before, after);
            return Task.FromResult<Outcome<ProviderKeyAnswer>>(after);
        }, ct);
        return written.ToChanged();
    }

    public static async Task<WriteAnswer<ProviderKeyAnswer, Deletes>> DeleteAsync(
        TenantId tenantId, PoolId poolId, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.ChangePoolAsync<ProviderKeyAnswer>(tenantId, poolId, call, WithKey, (write, pool, _) =>
        {
            if (pool.ProviderKey is not { } row)
                return Task.FromResult<Outcome<ProviderKeyAnswer>>(Failure.NotFound(Thing));
            var before = Answer(row, pool.Version);
            pool.ProviderKey = null;
            write.Changed(pool);
            write.Audit("provider-key.delete", poolId.ToString(), before, null);
            return Task.FromResult<Outcome<ProviderKeyAnswer>>(before);
        }, ct);
        return written.ToDeleted();
    }

    public static ProviderKeyRow Row(TenantId tenant, PoolId pool, string key, MasterKey master, DateTimeOffset now) => new()
    {
        TenantId = tenant,
        PoolId = pool,
        Sealed = master.Seal(Encoding.UTF8.GetBytes(key), ProviderKeyRow.ContextOf(tenant, pool)),
        Hint = key.Length < MinLengthForHint ? "" : key[^HintLength..],
        CreatedAt = now,
    };

    private static IQueryable<PoolRow> WithKey(IQueryable<PoolRow> pools) => pools.Include(p => p.ProviderKey);

    private static ProviderKeyAnswer Answer(ProviderKeyRow row, long version) => new(row.Hint, row.CreatedAt, row.RotatedAt, version);
}
