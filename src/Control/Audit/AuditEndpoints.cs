using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Exports;

namespace Platform.Control.Audit;

/// <summary>Trails are read newest first, by a tenant its own, by operators the platform's and any tenant's.</summary>
internal static class AuditEndpoints
{
    public static Task<Page<AuditEventAnswer>> ListAsync(
        TenantId tenantId, [AsParameters] AuditQuery query, [AsParameters] PageQuery page, Database database, CancellationToken ct)
    {
        var asked = query.Checked();
        return database.InTenantAsync(tenantId, (db, token) => PageAsync(db, tenantId, asked, page, token), ct);
    }

    /// <param name="tenantId">Whose trail; the platform's own when left out.</param>
    public static Task<Page<AuditEventAnswer>> ListAsOperatorAsync(
        [AsParameters] AuditQuery query, [AsParameters] PageQuery page, Database database, CancellationToken ct, TenantId? tenantId = null)
    {
        var asked = query.Checked();
        return database.InPlatformAsync((db, token) => PageAsync(db, tenantId ?? TenantId.Platform, asked, page, token), ct);
    }

    /// <param name="format">csv, or jsonl for an event a line.</param>
    public static async Task<Results<EmptyHttpResult, ProblemHttpResult>> ExportAsync(
        TenantId tenantId, [AsParameters] AuditQuery query, HttpContext context, Database database, TimeProvider time, ExportPlaces places, CancellationToken ct, string? format = null)
    {
        var (asked, file) = (query.Checked(), AuditFile.Of(format));
        if (!places.TryTake(context, tenantId, out var taken, out var refusal))
            return refusal;
        using var place = taken;
        Begin(context.Response, tenantId, file, time);
        await place.WriteAsync(
            context,
            (output, token) => database.StreamInTenantAsync(tenantId, (db, inner) => file.WriteAsync(output, AuditRead.Events(db, tenantId, asked, inner), inner), token),
            ct);
        return TypedResults.Empty;
    }

    /// <inheritdoc cref="ExportAsync"/>
    public static async Task<Results<EmptyHttpResult, ProblemHttpResult>> ExportAsOperatorAsync(
        [AsParameters] AuditQuery query, HttpContext context, Database database, TimeProvider time, ExportPlaces places, CancellationToken ct, string? format = null, TenantId? tenantId = null)
    {
        var (asked, trail, file) = (query.Checked(), tenantId ?? TenantId.Platform, AuditFile.Of(format));
        if (!places.TryTake(context, TenantId.Platform, out var taken, out var refusal))
            return refusal;
        using var place = taken;
        Begin(context.Response, trail, file, time);
        await place.WriteAsync(
            context,
            (output, token) => database.StreamInPlatformAsync((db, inner) => file.WriteAsync(output, AuditRead.Events(db, trail, asked, inner), inner), token),
            ct);
        return TypedResults.Empty;
    }

    private static Task<Page<AuditEventAnswer>> PageAsync(ControlDb db, TenantId trail, AuditQuery query, PageQuery page, CancellationToken ct) =>
        query.In(db, trail)
            .Containing(e => e.Action, page)
            .ToPageAsync(e => e.Id, page with { Sort = page.Sort ?? Sorts<object>.NewestFirst }, AuditRead.Answer, ct);

    private static void Begin(HttpResponse response, TenantId trail, AuditFile file, TimeProvider time)
    {
        response.ContentType = file.ContentType;
        response.Headers.ContentDisposition =
            string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"audit-{trail}-{time.GetUtcNow():yyyyMMddHHmm}.{file.Ending}\"");
        response.Headers.CacheControl = "no-store";
    }

    /// <summary>A shape that a trail is exported in.</summary>
    private sealed record AuditFile(string Ending, string ContentType, Func<Stream, IAsyncEnumerable<AuditEventAnswer>, CancellationToken, Task> WriteAsync)
    {
        private static readonly AuditFile Csv = new("csv", "text/csv; charset=utf-8; header=present", AuditFiles.WriteCsvAsync);
        private static readonly AuditFile JsonLines = new("jsonl", "application/jsonl; charset=utf-8", AuditFiles.WriteJsonLinesAsync);

        /// <exception cref="RequestPartException">There is no such shape.</exception>
        public static AuditFile Of(string? format) => format switch
        {
            null or "csv" => Csv,
            "jsonl" => JsonLines,
            _ => throw new RequestPartException("format", "must be csv or jsonl."),
        };
    }
}
