using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Catalog;

/// <summary>Reading models: a tenant's own, and those of the platform that it is offered.</summary>
internal static class ModelEndpoints
{
    public const string Thing = "model";

    private const string CatalogOwner = "platform";

    private static readonly Sorts<ModelRow> Sorted = new Sorts<ModelRow>().By("name", m => (string)(object)m.Name, m => m.Name.Value);

    public static Task<Page<ModelAnswer>> ListAsync(
        TenantId tenantId, [AsParameters] PageQuery page, [FromQuery] bool? shared, Database database, CancellationToken ct) =>
        database.InTenantAsync(
            tenantId,
            async (db, token) =>
            {
                var slug = await SlugAsync(db, tenantId, token);
                var models = Seen(db, tenantId);
                if (shared is { } only)
                    models = models.Where(m => (m.TenantId == TenantId.Platform) == only);
                var offers = tenantId == TenantId.Platform ? await OffersAsync(db, token) : null;
                return await Whole(models).Containing(m => (string)(object)m.Name, page)
                    .ToPageAsync(m => m.Id, page, Sorted, m => Answer(m, slug, offers?[m.Id]), token);
            },
            ct);

    public static async Task<FoundAnswer<ModelAnswer>> GetAsync(TenantId tenantId, ModelId id, Database database, CancellationToken ct) => new(
        await database.InTenantAsync(
            tenantId,
            async (db, token) =>
            {
                if (await Whole(Seen(db, tenantId)).AsNoTracking().SingleOrDefaultAsync(m => m.Id == id, token) is not { } row)
                    return null;
                var offers = tenantId == TenantId.Platform ? await OffersAsync(db, token) : null;
                return Answer(row, await SlugAsync(db, tenantId, token), offers?[id]);
            },
            ct),
        Thing);

    /// <summary>What callers may name; a tenant's own model hides the catalog's of the same name.</summary>
    public static Task<Page<CatalogEntryAnswer>> CatalogAsync(TenantId tenantId, [AsParameters] PageQuery page, Database database, CancellationToken ct) =>
        database.InTenantAsync(
            tenantId,
            async (db, token) =>
            {
                var slug = await SlugAsync(db, tenantId, token);
                var engines = await db.Pools.Where(p => p.TenantId == tenantId || p.TenantId == TenantId.Platform)
                    .Select(p => new { p.Id, p.Engine }).ToDictionaryAsync(p => p.Id, p => p.Engine, token);
                var models = Seen(db, tenantId).Where(m => m.TenantId == tenantId
                    || !db.Models.Any(own => own.TenantId == tenantId && own.DeletedAt == null && own.Name == m.Name));
                return await Whole(models).Containing(m => (string)(object)m.Name, page)
                    .ToPageAsync(m => m.Id, page, Sorted, m => Entry(m, slug, engines), token);
            },
            ct);

    public static ModelAnswer Answer(ModelRow row, string slug, IEnumerable<TenantId>? offeredTo)
    {
        var shared = row.TenantId == TenantId.Platform;
        return new(
            row.Id,
            row.Name,
            shared ? CatalogOwner : slug,
            shared,
            [.. InOrder(row).Select(t => new ModelTargetAnswer(t.PoolId, t.UpstreamModel, t.Weight, t.Tier))],
            row.CreatedAt,
            Names(row.Aliases),
            row.Description,
            row.ContextWindow,
            offeredTo is null || row.OfferedToAll ? null : [.. offeredTo.OrderBy(t => t.Value)],
            row.Version);
    }

    public static Task<string> SlugAsync(ControlDb db, TenantId tenant, CancellationToken ct) =>
        db.Tenants.Where(t => t.Id == tenant).Select(t => t.Slug).SingleAsync(ct);

    private static CatalogEntryAnswer Entry(ModelRow row, string slug, Dictionary<PoolId, string> engines)
    {
        var shared = row.TenantId == TenantId.Platform;
        return new(
            row.Id,
            row.Name,
            Names(row.Aliases),
            shared ? CatalogOwner : slug,
            shared,
            row.Description,
            row.ContextWindow,
            [.. InOrder(row).Select(t => engines.GetValueOrDefault(t.PoolId)).OfType<string>().Distinct()]);
    }

    /// <summary>Row-level security hides what is not offered as well.</summary>
    private static IQueryable<ModelRow> Seen(ControlDb db, TenantId tenant) => db.Models.Where(m => m.DeletedAt == null
        && (m.TenantId == tenant
            || (m.TenantId == TenantId.Platform && (m.OfferedToAll || db.ModelOffers.Any(o => o.TenantId == m.TenantId && o.ModelId == m.Id && o.OfferedTo == tenant)))));

    private static IQueryable<ModelRow> Whole(IQueryable<ModelRow> models) => models.Include(m => m.Targets.OrderBy(t => t.Ordinal)).AsSplitQuery();

    private static async Task<ILookup<ModelId, TenantId>> OffersAsync(ControlDb db, CancellationToken ct) =>
        (await db.ModelOffers.AsNoTracking().Where(o => o.TenantId == TenantId.Platform).ToListAsync(ct)).ToLookup(o => o.ModelId, o => o.OfferedTo);

    private static IEnumerable<ModelTargetRow> InOrder(ModelRow row) => row.Targets.OrderBy(t => t.Tier).ThenBy(t => t.Ordinal);

    private static ModelName[] Names(string[] texts) => Array.ConvertAll(texts, t => ModelName.Parse(t));
}
