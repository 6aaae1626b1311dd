using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Secrets;

namespace Platform.Control.Delivery;

/// <summary>What every agent of a group needs, for each group: signing keys, peppers, the catalog, base prices, the floor.</summary>
internal sealed class PlatformCompiler(MasterKey master, GroupKeyRing keys)
{
    public async Task<IReadOnlyDictionary<AgentGroupName, JsonElement>> PlatformAsync(ControlDb db, StoredResource stored, DateTimeOffset now, CancellationToken ct)
    {
        var shared = await LoadAsync(db, ct);
        var prices = await LimitDocuments.PricesAsync(db, TenantId.Platform, now, ct);
        var guardrails = await PolicyDocuments.GuardrailsAsync(db, TenantId.Platform, ct);
        var documents = new Dictionary<AgentGroupName, JsonElement>();
        foreach (var group in await db.AgentGroups.AsNoTracking().Select(g => g.Name).ToListAsync(ct))
        {
            var sealer = new GroupSealer(await keys.CurrentAsync(db, group, ct), group);
            var before = stored.In(group, WireJson.Default.PlatformDocument)?.Peppers ?? [];
            var document = new PlatformDocument
            {
                SigningKeys = shared.SigningKeys,
                Peppers = [.. shared.Peppers.Select(p => Seal(sealer, p, before))],
                Catalog = Documents.Catalog(shared.Models, shared.Owner, shared.Pools[group].ToHashSet(), shared.Offers),
                AllowedNetworks = shared.AllowedNetworks,
                Prices = prices,
                Guardrails = guardrails,
            };
            documents[group] = JsonSerializer.SerializeToElement(document, WireJson.Default.PlatformDocument);
        }
        return documents;
    }

    private static PepperEntry Seal(GroupSealer sealer, (string Id, byte[] Clear) pepper, IReadOnlyList<PepperEntry> before)
    {
        var stored = before.FirstOrDefault(p => p.Id == pepper.Id)?.Secret;
        return new(pepper.Id, sealer.Seal(pepper.Clear, TenantId.Platform, SealedSecret.PepperKind, pepper.Id, stored));
    }

    private async Task<Shared> LoadAsync(ControlDb db, CancellationToken ct)
    {
        var signing = await db.SigningKeys.Where(k => k.Use == SigningKeyRow.Signing && k.PublicKey != null)
            .OrderBy(k => k.CreatedAt).ThenBy(k => k.Id).Select(k => k.PublicKey!.Value).ToListAsync(ct);
        var peppers = await db.Peppers.AsNoTracking().OrderBy(p => p.CreatedAt).ThenBy(p => p.Id).ToListAsync(ct);
        var models = await db.Models.AsNoTracking().Include(m => m.Targets).Where(m => m.TenantId == TenantId.Platform && m.DeletedAt == null).ToListAsync(ct);
        var offers = await db.ModelOffers.AsNoTracking().Where(o => o.TenantId == TenantId.Platform).ToListAsync(ct);
        var pools = await db.Pools.AsNoTracking().Where(p => p.TenantId == TenantId.Platform).Select(p => new { p.GroupName, p.Id }).ToListAsync(ct);
        var owner = await db.Tenants.Where(t => t.Id == TenantId.Platform).Select(t => t.Slug).SingleAsync(ct);
        var networks = await db.PlatformSettings.Select(s => s.AllowedNetworks).SingleAsync(ct);
        return new(
            signing,
            [.. peppers.Select(p => (p.Id, master.Open(p.Sealed, PepperRow.ContextOf(p.Id))))],
            models,
            pools.ToLookup(p => p.GroupName, p => p.Id),
            offers.ToLookup(o => o.ModelId, o => o.OfferedTo),
            owner,
            networks);
    }

    private sealed record Shared(
        IReadOnlyList<JsonElement> SigningKeys,
        IReadOnlyList<(string Id, byte[] Clear)> Peppers,
        IReadOnlyList<ModelRow> Models,
        ILookup<AgentGroupName, PoolId> Pools,
        ILookup<ModelId, TenantId> Offers,
        string Owner,
        IReadOnlyList<string> AllowedNetworks);
}
