using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Secrets;

namespace Platform.Control.Delivery;

/// <summary>A pool for its group, its credentials sealed for that group.</summary>
internal sealed class PoolCompiler(MasterKey master, GroupKeyRing keys)
{
    public async Task<IReadOnlyDictionary<AgentGroupName, JsonElement>> PoolAsync(
        ControlDb db, Affected resource, StoredResource stored, CancellationToken ct)
    {
        var (tenant, id) = (resource.TenantId, PoolId.Parse(resource.Key));
        var pool = await db.Pools.AsNoTracking().Include(p => p.Endpoints.Where(e => e.RemovedAt == null)).Include(p => p.ProviderKey).Include(p => p.ClientCertificate)
            .SingleOrDefaultAsync(p => p.TenantId == tenant && p.Id == id && p.DeletedAt == null
                && db.Tenants.Any(t => t.Id == p.TenantId && t.ClosedAt == null), ct);
        if (pool is null)
            return new Dictionary<AgentGroupName, JsonElement>();
        var document = await DocumentAsync(db, pool, stored, ct);
        return new Dictionary<AgentGroupName, JsonElement>
        {
            [pool.GroupName] = JsonSerializer.SerializeToElement(document, WireJson.Default.PoolDocument),
        };
    }

    private async Task<PoolDocument> DocumentAsync(ControlDb db, PoolRow pool, StoredResource stored, CancellationToken ct)
    {
        if (pool is { ProviderKey: null, ClientCertificate: null })
            return Documents.Pool(pool, null, null);
        var sealer = new GroupSealer(await keys.CurrentAsync(db, pool.GroupName, ct), pool.GroupName);
        var before = stored.In(pool.GroupName, WireJson.Default.PoolDocument);
        return Documents.Pool(
            pool,
            pool.ProviderKey is { } key
                ? Seal(key.Sealed, ProviderKeyRow.ContextOf(pool.TenantId, pool.Id), SealedSecret.ProviderKeyKind, before?.ProviderKey)
                : null,
            pool.ClientCertificate is { } certificate
                ? Seal(certificate.Sealed, ClientCertificateRow.ContextOf(pool.TenantId, pool.Id), SealedSecret.ClientCertificateKind, before?.ClientCertificate)
                : null);

        SealedSecret Seal(byte[] bytes, string context, string kind, SealedSecret? last) =>
            sealer.Seal(master.Open(bytes, context), pool.TenantId, kind, pool.Id.ToString(), last);
    }
}
