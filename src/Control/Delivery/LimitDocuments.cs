using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Delivery;

/// <summary>Quotas, budgets and prices as agents get them, each list in an order of its own.</summary>
internal static class LimitDocuments
{
    /// <summary>How long agents keep a price that ended: for requests that began before.</summary>
    private static readonly TimeSpan PriceKept = TimeSpan.FromDays(2);

    public static async Task<IReadOnlyList<QuotaEntry>> QuotasAsync(ControlDb db, TenantId tenant, CancellationToken ct)
    {
        var rows = await db.Quotas.AsNoTracking().Where(q => q.TenantId == tenant).ToListAsync(ct);
        var live = await LiveScopes.LoadAsync(db, tenant, rows.Select(q => (q.Scope, q.ScopeId)), ct);
        return [.. rows.Where(q => live.Has(q.Scope, q.ScopeId)).OrderBy(q => q.Id).Select(q => new QuotaEntry(q.Id, q.Scope, q.ScopeId, q.Model, SpecOf(q)))];
    }

    public static async Task<IReadOnlyList<BudgetEntry>> BudgetsAsync(ControlDb db, TenantId tenant, CancellationToken ct)
    {
        var rows = await db.Budgets.AsNoTracking().Where(b => b.TenantId == tenant).ToListAsync(ct);
        var live = await LiveScopes.LoadAsync(db, tenant, rows.Select(b => (b.Scope, b.ScopeId)), ct);
        return
        [
            .. rows.Where(b => live.Has(b.Scope, b.ScopeId)).OrderBy(b => b.Id).Select(b => new BudgetEntry(
                b.Id, b.Name, b.Scope, b.ScopeId, Plain(b.Amount), b.Currency, b.Window, b.TimeZone, b.Thresholds, b.HardStop)),
        ];
    }

    /// <summary>The tenant's own prices, or base prices for the platform's: by model, then by when they begin.</summary>
    public static async Task<IReadOnlyList<PriceEntry>> PricesAsync(ControlDb db, TenantId tenant, DateTimeOffset now, CancellationToken ct)
    {
        var oldest = now - PriceKept;
        var rows = await db.Prices.AsNoTracking().Where(p => p.TenantId == tenant && (p.EffectiveTo == null || p.EffectiveTo > oldest)).ToListAsync(ct);
        return
        [
            .. rows.OrderBy(p => p.Model, StringComparer.Ordinal).ThenBy(p => p.Currency, StringComparer.Ordinal).ThenBy(p => p.EffectiveFrom).ThenBy(p => p.Id)
                .Select(p => new PriceEntry(p.Id, p.Model, p.Currency, SpecOf(p), p.EffectiveFrom, p.EffectiveTo)),
        ];
    }

    public static QuotaSpec SpecOf(QuotaRow row) =>
        new(row.RequestsPerMinute, row.RequestsPerDay, row.TokensPerMinute, row.TokensPerDay, row.ConcurrentRequests);

    public static PriceSpec SpecOf(PriceRow row) => row.Spec.Deserialize(WireJson.Default.PriceSpec)!;

    /// <summary>Without the zeros that a column's scale adds.</summary>
    public static decimal Plain(decimal amount) => amount / 1.000000000000000000000000000000m;
}
