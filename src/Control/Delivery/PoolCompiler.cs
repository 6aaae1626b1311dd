using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Secrets;

namespace Platform.Control.Delivery;

/// <summary>A pool for its group, its credential sealed for that group.</summary>
internal sealed class PoolCompiler(MasterKey master, GroupKeyRing keys)
{
    public async Task<IReadOnlyDictionary<AgentGroupName, JsonElement>> PoolAsync(
        ControlDb db, Affected resource, StoredResource stored, CancellationToken ct)
    {
        var (tenant, id) = (resource.TenantId, PoolId.Parse(resource.Key));
        var pool = await db.Pools.AsNoTracking().Include(p => p.Endpoints.Where(e => e.RemovedAt == null)).Include(p => p.ProviderKey)
            .SingleOrDefaultAsync(p => p.TenantId == tenant && p.Id == id && p.DeletedAt == null
                && db.Tenants.Any(t => t.Id == p.TenantId && t.ClosedAt == null), ct);
        if (pool is null)
            return new Dictionary<AgentGroupName, JsonElement>();
        var document = Documents.Pool(pool, await SealAsync(db, pool, stored, ct));
        return new Dictionary<AgentGroupName, JsonElement>
        {
            [pool.GroupName] = JsonSerializer.SerializeToElement(document, WireJson.Default.PoolDocument),
        };
    }

    private async Task<SealedSecret?> SealAsync(ControlDb db, PoolRow pool, StoredResource stored, CancellationToken ct)
    {
        if (pool.ProviderKey is not { } key)
            return null;
        var sealer = new GroupSealer(await keys.CurrentAsync(db, pool.GroupName, ct), pool.GroupName);
        var before = stored.In(pool.GroupName, WireJson.Default.PoolDocument)?.ProviderKey;
        var clear = master.Open(key.Sealed, ProviderKeyRow.ContextOf(pool.TenantId, pool.Id));
        return sealer.Seal(clear, pool.TenantId, SealedSecret.ProviderKeyKind, pool.Id.ToString(), before);
    }
}
