using Platform.Control.Access;

namespace Platform.Control.Tenants;

internal static class TenantsExtensions
{
    /// <summary>/me and /tenants, for any caller; making a tenant is the operator's.</summary>
    public static void MapTenants(this IEndpointRouteBuilder api)
    {
        api.MapGet("/me", TenantEndpoints.MeAsync).WithName("GetMe").Needs(Rights.Me);
        api.MapGet("/tenants", TenantEndpoints.ListAsync).WithName("ListTenants").Needs(Rights.Me);
        api.MapPost("/tenants", TenantEndpoints.CreateAsync).WithName("CreateTenant").Needs(Rights.TenantsWrite)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>The tenant itself.</summary>
    public static void MapTenantItself(this IEndpointRouteBuilder tenant) =>
        tenant.MapGet("", TenantEndpoints.GetAsync).WithName("GetTenant").Needs(Rights.TenantRead);
}
