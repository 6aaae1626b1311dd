using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;

namespace Platform.Control.Catalog;

/// <summary>Reading models: a tenant's own, and those of the platform that it is offered.</summary>
internal static class ModelEndpoints
{
    public const string Thing = "model";

    private const string CatalogOwner = "platform";

    public static readonly Sorts<ModelRow> Sorted = new Sorts<ModelRow>().By("name", m => (string)(object)m.Name, m => m.Name.Value);

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
                var rows = await Whole(models).Containing(m => (string)(object)m.Name, page).ToPageAsync(m => m.Id, page, Sorted, m => m, token);
                var offers = await OffersAsync(db, tenantId, rows.Items, token);
                return new Page<ModelAnswer>([.. rows.Items.Select(m => Answer(m, slug, offers?[m.Id]))], rows.NextCursor);
            },
            ct);

    public static async Task<FoundAnswer<ModelAnswer>> GetAsync(TenantId tenantId, ModelId id, Database database, CancellationToken ct) => new(
        await database.InTenantAsync(
            tenantId,
            async (db, token) =>
            {
                if (await Whole(Seen(db, tenantId)).AsNoTracking().SingleOrDefaultAsync(m => m.Id == id, token) is not { } row)
                    return null;
                var offers = await OffersAsync(db, tenantId, [row], token);
                return Answer(row, await SlugAsync(db, tenantId, token), offers?[id]);
            },
            ct),
        Thing);

    public static ModelAnswer Answer(ModelRow row, string slug, IEnumerable<TenantId>? offeredTo) => new(
        row.Id,
        row.Name,
        OwnerOf(row, slug),
        row.TenantId == TenantId.Platform,
        [.. InOrder(row).Select(t => new ModelTargetAnswer(t.PoolId, t.UpstreamModel, t.Weight, t.Tier))],
        row.CreatedAt,
        Names(row.Aliases),
        row.Description,
        row.ContextWindow,
        offeredTo is null || row.OfferedToAll ? null : [.. offeredTo.OrderBy(t => t.Value)],
        row.Version,
        Documents.RoutingOf(row));

    /// <param name="slug">The asking tenant's.</param>
    public static string OwnerOf(ModelRow row, string slug) => row.TenantId == TenantId.Platform ? CatalogOwner : slug;

    public static Task<string> SlugAsync(ControlDb db, TenantId tenant, CancellationToken ct) =>
        db.Tenants.Where(t => t.Id == tenant).Select(t => t.Slug).SingleAsync(ct);

    /// <summary>Row-level security hides what is not offered as well.</summary>
    public static IQueryable<ModelRow> Seen(ControlDb db, TenantId tenant) => db.Models.Where(m => m.DeletedAt == null
        && (m.TenantId == tenant
            || (m.TenantId == TenantId.Platform && (m.OfferedToAll || db.ModelOffers.Any(o => o.TenantId == m.TenantId && o.ModelId == m.Id && o.OfferedTo == tenant)))));

    public static IQueryable<ModelRow> Whole(IQueryable<ModelRow> models) => models.Include(m => m.Targets.OrderBy(t => t.Ordinal)).AsSplitQuery();

    public static IEnumerable<ModelTargetRow> InOrder(ModelRow row) => row.Targets.OrderBy(t => t.Tier).ThenBy(t => t.Ordinal);

    public static ModelName[] Names(string[] texts) => Array.ConvertAll(texts, t => ModelName.Parse(t));

    /// <summary>Whom the models are offered to, which operators are told only; null for everybody else.</summary>
    private static async Task<ILookup<ModelId, TenantId>?> OffersAsync(ControlDb db, TenantId tenant, IEnumerable<ModelRow> models, CancellationToken ct)
    {
        if (tenant != TenantId.Platform)
            return null;
        var asked = models.Where(m => !m.OfferedToAll).Select(m => m.Id).ToList();
        var offers = await db.ModelOffers.AsNoTracking().Where(o => o.TenantId == TenantId.Platform && asked.Contains(o.ModelId)).ToListAsync(ct);
        return offers.ToLookup(o => o.ModelId, o => o.OfferedTo);
    }
}
