using Platform.Control.Access;
using Platform.Control.Exports;

namespace Platform.Control.Tenants;

internal static class TenantsExtensions
{
    private const string Tag = "Tenants";

    /// <summary>/me and /tenants, for any caller; making a tenant is the operator's, and so is what is below /operator/tenants.</summary>
    public static void MapTenants(this IEndpointRouteBuilder api)
    {
        api.MapGet("/me", TenantEndpoints.MeAsync).WithName("GetMe").WithTags(Tag).WithSummary("Say who calls, and where they may go").Needs(Rights.Me);
        api.MapGet("/tenants", TenantEndpoints.ListAsync).WithName("ListTenants").WithTags(Tag)
            .WithSummary("List the caller's tenants; for operators all").Needs(Rights.Me);
        api.MapPost("/tenants", OperatorTenantEndpoints.CreateAsync).WithName("CreateTenant").WithTags(Tag)
            .WithSummary("Create a tenant").Needs(Rights.TenantsWrite);

        var tenants = api.MapGroup("/operator/tenants").WithTags("Operators");
        tenants.MapGet("", OperatorTenantEndpoints.ListAsync).WithName("ListAllTenants").WithSummary("List all tenants").Needs(Rights.TenantsRead);
        tenants.MapPost("", OperatorTenantEndpoints.CreateAsync).WithName("CreateTenantAsOperator").WithSummary("Create a tenant").Needs(Rights.TenantsWrite);
        tenants.MapGet("/{tenantId}", OperatorTenantEndpoints.GetAsync).WithName("GetTenantAsOperator")
            .WithSummary("Read a tenant, closed ones too").Needs(Rights.TenantsRead);
        tenants.MapPut("/{tenantId}", OperatorTenantEndpoints.ReplaceAsync).WithName("ReplaceTenant")
            .WithSummary("Replace a tenant's name, slug and group").Needs(Rights.TenantsWrite);
        tenants.MapPost("/{tenantId}/suspend", OperatorTenantEndpoints.SuspendAsync).WithName("SuspendTenant")
            .WithSummary("Suspend a tenant").Needs(Rights.TenantsWrite);
        tenants.MapPost("/{tenantId}/resume", OperatorTenantEndpoints.ResumeAsync).WithName("ResumeTenant")
            .WithSummary("End a tenant's suspension").Needs(Rights.TenantsWrite);
        tenants.MapPost("/{tenantId}/close", TenantClosing.CloseAsync).WithName("CloseTenantAsOperator")
            .WithSummary("Close a tenant for good").Needs(Rights.TenantsWrite);
    }

    /// <summary>The tenant itself.</summary>
    public static void MapTenantItself(this IEndpointRouteBuilder tenant)
    {
        tenant.MapGet("", TenantEndpoints.GetAsync).WithName("GetTenant").WithTags(Tag).WithSummary("Read a tenant").Needs(Rights.TenantRead);
        tenant.MapPut("", TenantEndpoints.RenameAsync).WithName("RenameTenant").WithTags(Tag).WithSummary("Replace a tenant's name").Needs(Rights.TenantWrite);
        tenant.MapGet("/export", TenantExport.ExportAsync).WithName("ExportTenant").WithTags(Tag)
            .WithSummary("Everything that is held of a tenant, less secrets").Needs(Rights.TenantClose)
            .Produces<System.Text.Json.JsonElement>(StatusCodes.Status200OK, "application/json").IsExport();
        tenant.MapPost("/close", TenantClosing.CloseAsync).WithName("CloseTenant").WithTags(Tag)
            .WithSummary("Close a tenant for good").Needs(Rights.TenantClose);
    }
}
