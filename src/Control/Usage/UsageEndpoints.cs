using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data;
using Platform.Control.Exports;

namespace Platform.Control.Usage;

internal static class UsageEndpoints
{
    /// <summary>Totals by bucket, project, key and model; the period is widened to whole buckets.</summary>
    public static async Task<Results<Ok<UsageAnswer>, ValidationProblem>> TotalsAsync(
        TenantId tenantId, Database database, TimeProvider time, CancellationToken ct, string? from = null, string? to = null, string bucket = "hour")
    {
        var faults = UsagePeriod.Read(from, to, time.GetUtcNow(), out var period);
        if (UsageBucket.TryParse(bucket) is not { } unit)
            faults["bucket"] = ["One of hour and day."];
        else if (faults.Count == 0 && period.To - period.From > unit.MaxPeriod)
            faults["from"] = [$"At most {unit.MaxPeriod.Days} days by {bucket}."];
        else if (faults.Count == 0)
        {
            var whole = unit.Widen(period);
            var rows = await database.InTenantAsync(tenantId, (db, token) => unit.ReadAsync(db, tenantId, whole, token), ct);
            if (rows.Count <= UsageBucket.MaxRows)
                return TypedResults.Ok(new UsageAnswer(whole.From, whole.To, bucket, UsageBucket.Total(rows), rows));
            faults["from"] = [$"More than {UsageBucket.MaxRows} rows; ask for a shorter period."];
        }
        return TypedResults.ValidationProblem(faults);
    }

    /// <summary>Every record of the period, a row each, as it is read from the ledger.</summary>
    public static async Task<Results<EmptyHttpResult, ValidationProblem, ProblemHttpResult>> ExportAsync(
        TenantId tenantId, HttpContext context, Database database, TimeProvider time, ExportPlaces places, CancellationToken ct, string? format = null, string? from = null, string? to = null)
    {
        var faults = UsagePeriod.Read(from, to, time.GetUtcNow(), out var period);
        if (format is not (null or "csv"))
            faults["format"] = ["csv is what there is."];
        if (faults.Count > 0)
            return TypedResults.ValidationProblem(faults);
        if (!places.TryTake(context, tenantId, out var taken, out var refusal))
            return refusal;
        using var place = taken;
        var response = context.Response;
        response.ContentType = UsageCsv.ContentType;
        response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"usage-{period.From:yyyyMMdd}-{period.To:yyyyMMdd}.csv\"");
        response.Headers.CacheControl = "no-store";
        await place.WriteAsync(
            context,
            (output, token) => database.StreamInTenantAsync(
                tenantId, (db, inner) => UsageCsv.WriteAsync(output, LedgerRead.Records(db, tenantId, period, inner), inner), token),
            ct);
        return TypedResults.Empty;
    }
}
