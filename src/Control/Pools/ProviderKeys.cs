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
            write.Changed(pool);
            return Task.FromResult<Outcome<ProviderKeyAnswer>>(Put(write, pool, request.Key, master));
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

    /// <summary>
    /// A stored key goes to the addresses only that it was entered for, which are those of the pool's endpoints: who may
    /// change endpoints could have it sent to a host of their own otherwise, and read there what is write-only here. The
    /// whole address counts, because a host may serve many customers by path.
    /// </summary>
    /// <param name="key">The key anew, which nobody can give who does not know it.</param>
    public static async Task CheckAddressAsync(
        ControlDb db, PoolRow pool, CheckedAddresses addresses, string? key, Faults faults, CancellationToken ct)
    {
        if (pool.ProviderKey is null || key is not null || addresses.Addresses is not [{ Url: { } url }]
            || await EndpointReads.Live(db, pool.TenantId, pool.Id).AnyAsync(e => e.Url == url, ct))
            return;
        faults.Add(
            "providerKey",
            "The pool's provider key was not entered for this address: give the key anew, here, or delete it first.",
            ProblemCodes.ProviderKeyNeeded);
    }

    /// <summary>Replaces the key of a pool that was changed with it; null leaves it as it is.</summary>
    public static void Renew(ConfigWrite write, PoolRow pool, string? key, MasterKey master)
    {
        if (key is not null)
            Put(write, pool, key, master);
    }

    public static IQueryable<PoolRow> WithKey(IQueryable<PoolRow> pools) => pools.Include(p => p.ProviderKey);

    public static ProviderKeyRow Row(TenantId tenant, PoolId pool, string key, MasterKey master, DateTimeOffset now) => new()
    {
        TenantId = tenant,
        PoolId = pool,
        Sealed = master.Seal(Encoding.UTF8.GetBytes(key), ProviderKeyRow.ContextOf(tenant, pool)),
        Hint = key.Length < MinLengthForHint ? "" : key[^HintLength..],
        CreatedAt = now,
    };

    /// <summary>The pool is a new version already.</summary>
    private static ProviderKeyAnswer Put(ConfigWrite write, PoolRow pool, string key, MasterKey master)
    {
        var before = pool.ProviderKey is { } old ? Answer(old, pool.Version - 1) : null;
        var fresh = Row(pool.TenantId, pool.Id, key, master, write.Now);
        if (pool.ProviderKey is { } row)
            (row.Sealed, row.Hint, row.RotatedAt) = (fresh.Sealed, fresh.Hint, write.Now);
        else
            pool.ProviderKey = fresh;
        var after = Answer(pool.ProviderKey, pool.Version);
        write.Audit("provider-key.update", pool.Id.ToString(), before, after);
        return after;
    }

    private static ProviderKeyAnswer Answer(ProviderKeyRow row, long version) => new(row.Hint, row.CreatedAt, row.RotatedAt, version);
}
