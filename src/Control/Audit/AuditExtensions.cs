using Platform.Control.Access;
using Platform.Control.Exports;

namespace Platform.Control.Audit;

internal static class AuditExtensions
{
    /// <summary>A tenant's own trail.</summary>
    public static void MapAudit(this IEndpointRouteBuilder tenant)
    {
        var events = tenant.MapGroup("/audit-events").WithTags("Audit");
        events.MapGet("", AuditEndpoints.ListAsync).WithName("ListAuditEvents").WithSummary("List the audit trail, newest first").Needs(Rights.AuditRead);
        events.MapGet("/export", AuditEndpoints.ExportAsync).WithName("ExportAuditEvents")
            .WithSummary("The audit trail as CSV or JSON lines").Needs(Rights.AuditRead)
            .Produces<string>(StatusCodes.Status200OK, "text/csv", "application/jsonl").IsExport();
    }

    /// <summary>The platform's trail, and any tenant's by <c>tenantId</c>.</summary>
    public static void MapPlatformAudit(this IEndpointRouteBuilder api)
    {
        var events = api.MapGroup("/operator/audit-events").WithTags("Operators");
        events.MapGet("", AuditEndpoints.ListAsOperatorAsync).WithName("ListAuditEventsAsOperator")
            .WithSummary("List the platform's or a tenant's audit trail, newest first").Needs(Rights.PlatformRead);
        events.MapGet("/export", AuditEndpoints.ExportAsOperatorAsync).WithName("ExportAuditEventsAsOperator")
            .WithSummary("The platform's or a tenant's audit trail as CSV or JSON lines").Needs(Rights.PlatformRead)
            .Produces<string>(StatusCodes.Status200OK, "text/csv", "application/jsonl").IsExport();
    }
}
