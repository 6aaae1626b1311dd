using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;

namespace Platform.Control.Audit;

/// <summary>Trails are read newest first, by a tenant its own, by operators the platform's and any tenant's.</summary>
internal static class AuditEndpoints
{
    /// <summary>A reader that is slower than this has to ask for shorter periods: an export holds a transaction open.</summary>
    private static readonly TimeSpan ExportDeadline = TimeSpan.FromMinutes(15);

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
    public static async Task<EmptyHttpResult> ExportAsync(
        TenantId tenantId, [AsParameters] AuditQuery query, HttpContext context, Database database, TimeProvider time, CancellationToken ct, string? format = null)
    {
        var asked = query.Checked();
        var write = Begin(context.Response, tenantId, format, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(ExportDeadline);
        await database.StreamInTenantAsync(
            tenantId, (db, token) => write(context.Response.Body, AuditRead.Events(db, tenantId, asked, token), token), deadline.Token);
        return TypedResults.Empty;
    }

    /// <inheritdoc cref="ExportAsync"/>
    public static async Task<EmptyHttpResult> ExportAsOperatorAsync(
        [AsParameters] AuditQuery query, HttpContext context, Database database, TimeProvider time, CancellationToken ct, string? format = null, TenantId? tenantId = null)
    {
        var (asked, trail) = (query.Checked(), tenantId ?? TenantId.Platform);
        var write = Begin(context.Response, trail, format, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(ExportDeadline);
        await database.StreamInPlatformAsync(
            (db, token) => write(context.Response.Body, AuditRead.Events(db, trail, asked, token), token), deadline.Token);
        return TypedResults.Empty;
    }

    private static Task<Page<AuditEventAnswer>> PageAsync(ControlDb db, TenantId trail, AuditQuery query, PageQuery page, CancellationToken ct) =>
        query.In(db, trail)
            .Containing(e => e.Action, page)
            .ToPageAsync(e => e.Id, page with { Sort = page.Sort ?? Sorts<object>.NewestFirst }, AuditRead.Answer, ct);

    private static Func<Stream, IAsyncEnumerable<AuditEventAnswer>, CancellationToken, Task> Begin(
        HttpResponse response, TenantId trail, string? format, TimeProvider time)
    {
        var (ending, type) = format switch
        {
            null or "csv" => ("csv", "text/csv; charset=utf-8; header=present"),
            "jsonl" => ("jsonl", "application/jsonl; charset=utf-8"),
            _ => throw new RequestPartException("format", "must be csv or jsonl."),
        };
        response.ContentType = type;
        response.Headers.ContentDisposition =
            string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"audit-{trail}-{time.GetUtcNow():yyyyMMddHHmm}.{ending}\"");
        response.Headers.CacheControl = "no-store";
        return ending == "csv" ? AuditFiles.WriteCsvAsync : AuditFiles.WriteJsonLinesAsync;
    }
}
