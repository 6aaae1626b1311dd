using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;

namespace Platform.Control.Prices;

/// <summary>
/// Prices of one owner, a tenant or the platform. A price that may have been charged is never another: it ends, and the
/// next one begins.
/// </summary>
internal static class PriceEndpoints
{
    private const string Thing = "price";

    private static readonly Sorts<PriceRow> Sorted = new Sorts<PriceRow>().By("model", p => p.Model);

    public static Task<Page<PriceAnswer>> ListAsync(
        TenantId tenantId, [AsParameters] PageQuery page, [FromQuery] string? model, Database database, CancellationToken ct) =>
        database.InPlatformAsync(
            (db, token) => db.Prices.Where(p => p.TenantId == tenantId && (model == null || p.Model == model))
                .Containing(p => p.Model, page)
                .ToPageAsync(p => p.Id, page, Sorted, PriceAnswers.Of, token),
            ct);

    public static async Task<FoundAnswer<PriceAnswer>> GetAsync(TenantId tenantId, Guid id, Database database, CancellationToken ct)
    {
        var row = await database.InPlatformAsync((db, token) => Of(db, tenantId, id).AsNoTracking().SingleOrDefaultAsync(token), ct);
        return new(row is null ? null : PriceAnswers.Of(row), Thing);
    }

    public static async Task<WriteAnswer<PriceAnswer, Creates>> CreateAsync(
        TenantId tenantId, PriceRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.InPlatformAsync<PriceAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                var row = new PriceRow
                {
                    TenantId = tenantId,
                    Id = Guid.CreateVersion7(write.Now),
                    Model = request.Model,
                    Currency = request.Currency,
                    Spec = JsonSerializer.SerializeToElement(request.Price, WireJson.Default.PriceSpec),
                    EffectiveFrom = PricePeriods.Stored(request.EffectiveFrom) ?? default,
                    EffectiveTo = PricePeriods.Stored(request.EffectiveTo),
                    CreatedAt = write.Now,
                };
                var faults = new Faults();
                PricePeriods.CheckNew(row, write.Now, faults);
                await PricePeriods.CheckOverlapAsync(write.Db, row, "effectiveFrom", faults, token);
                if (faults.Any)
                    return faults.ToFailure();
                write.Db.Prices.Add(row);
                write.Affects(Affected.CarrierOf(tenantId));
                var answer = PriceAnswers.Of(row);
                write.Audit("price.create", row.Id.ToString(), null, answer);
                return answer;
            },
            ct);
        return written.ToCreated(p => tenantId == TenantId.Platform ? $"/api/v1/operator/prices/{p.Id}" : $"/api/v1/operator/tenants/{tenantId}/prices/{p.Id}");
    }

    public static async Task<WriteAnswer<PriceAnswer, Changes>> UpdateAsync(
        TenantId tenantId, Guid id, UpdatePriceRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.InPlatformAsync<PriceAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                if (await Of(write.Db, tenantId, id).SingleOrDefaultAsync(token) is not { } row)
                    return Failure.NotFound(Thing);
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                if (row.EffectiveTo <= write.Now)
                    return Failure.Conflict(ProblemCodes.InUse, "The price has ended, and what was charged by it stays: create the next one.");
                var before = PriceAnswers.Of(row);
                row.EffectiveTo = PricePeriods.Stored(request.EffectiveTo);
                var faults = new Faults();
                PricePeriods.CheckEnd(row, write.Now, faults);
                await PricePeriods.CheckOverlapAsync(write.Db, row, "effectiveTo", faults, token);
                if (faults.Any)
                    return faults.ToFailure();
                row.Version++;
                write.Affects(Affected.CarrierOf(tenantId));
                var after = PriceAnswers.Of(row);
                write.Audit("price.update", id.ToString(), before, after);
                return after;
            },
            ct);
        return written.ToChanged();
    }

    public static async Task<WriteAnswer<PriceAnswer, Deletes>> DeleteAsync(
        TenantId tenantId, Guid id, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.InPlatformAsync<PriceAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                if (await Of(write.Db, tenantId, id).SingleOrDefaultAsync(token) is not { } row)
                    return Failure.NotFound(Thing);
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                if (row.EffectiveFrom <= write.Now)
                    return Failure.Conflict(ProblemCodes.InUse, "The price has begun, and may have been charged: set its end instead.");
                write.Db.Prices.Remove(row);
                write.Affects(Affected.CarrierOf(tenantId));
                var gone = PriceAnswers.Of(row);
                write.Audit("price.delete", id.ToString(), gone, null);
                return gone;
            },
            ct);
        return written.ToDeleted();
    }

    private static IQueryable<PriceRow> Of(ControlDb db, TenantId tenant, Guid id) => db.Prices.Where(p => p.TenantId == tenant && p.Id == id);
}

internal static class PriceAnswers
{
    public static PriceAnswer Of(PriceRow row) => new(
        row.Id,
        row.Model,
        row.Currency,
        LimitDocuments.SpecOf(row),
        row.EffectiveFrom,
        row.EffectiveTo,
        row.TenantId == TenantId.Platform,
        row.CreatedAt,
        row.Version);
}
