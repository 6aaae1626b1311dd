using Microsoft.AspNetCore.Mvc;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Prices;

/// <summary>What a tenant pays: its own price of a model, and the base price where it has none.</summary>
internal static class HeldPriceEndpoints
{
    private static readonly Sorts<PriceRow> Sorted = new Sorts<PriceRow>().By("model", p => p.Model);

    /// <param name="at">The instant that is asked about; now when left out.</param>
    public static Task<Page<PriceAnswer>> ListAsync(
        TenantId tenantId, [AsParameters] PageQuery page, [FromQuery] DateTimeOffset? at, Database database, TimeProvider time, CancellationToken ct)
    {
        var instant = (at ?? time.GetUtcNow()).ToUniversalTime();
        return database.InTenantAsync(
            tenantId,
            (db, token) =>
            {
                var held = db.Prices.Where(p => p.EffectiveFrom <= instant && (p.EffectiveTo == null || p.EffectiveTo > instant));
                return held
                    .Where(p => p.TenantId == tenantId
                        || (p.TenantId == TenantId.Platform && !held.Any(own => own.TenantId == tenantId && own.Model == p.Model)))
                    .Containing(p => p.Model, page)
                    .ToPageAsync(p => p.Id, page, Sorted, PriceAnswers.Of, token);
            },
            ct);
    }
}
