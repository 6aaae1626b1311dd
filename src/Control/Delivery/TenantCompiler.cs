using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Control.Data;

namespace Platform.Control.Delivery;

/// <summary>A tenant's document and its key shards, for the group that serves it; a closed tenant has none.</summary>
internal static class TenantCompiler
{
    private static readonly Dictionary<AgentGroupName, JsonElement> Nowhere = [];

    public static async Task<IReadOnlyDictionary<AgentGroupName, JsonElement>> TenantAsync(
        ControlDb db, TenantId id, TenantPolicies policies, StoredResource stored, DateTimeOffset now, CancellationToken ct)
    {
        if (await db.Tenants.AsNoTracking().SingleOrDefaultAsync(t => t.Id == id && t.ClosedAt == null, ct) is not { } tenant)
            return Nowhere;
        var models = await db.Models.AsNoTracking().Include(m => m.Targets).Where(m => m.TenantId == id && m.DeletedAt == null).ToListAsync(ct);
        var document = await policies.AddAsync(db, Documents.Tenant(tenant, models), tenant, stored, now, ct);
        return In(tenant.GroupName, JsonSerializer.SerializeToElement(document, WireJson.Default.TenantDocument));
    }

    public static async Task<IReadOnlyDictionary<AgentGroupName, JsonElement>> KeyShardAsync(
        ControlDb db, Affected resource, DateTimeOffset now, CancellationToken ct)
    {
        var tenant = resource.TenantId;
        var shard = int.Parse(resource.Key.AsSpan(resource.Key.IndexOf('/') + 1), CultureInfo.InvariantCulture);
        if (await db.Tenants.AsNoTracking().SingleOrDefaultAsync(t => t.Id == tenant && t.ClosedAt == null, ct) is not { } owner)
            return Nowhere;
        var keys = await db.ApiKeys.AsNoTracking()
            .Where(k => k.TenantId == tenant && k.Shard == shard && k.RevokedAt == null && (k.ExpiresAt == null || k.ExpiresAt > now))
            .ToListAsync(ct);
        return In(owner.GroupName, JsonSerializer.SerializeToElement(Documents.KeyShard(tenant, keys, now), WireJson.Default.KeyShardDocument));
    }

    private static Dictionary<AgentGroupName, JsonElement> In(AgentGroupName group, JsonElement document) => new() { [group] = document };
}
