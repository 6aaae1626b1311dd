using Platform.Control.Access;

namespace Platform.Control.Pools;

internal static class PoolsExtensions
{
    public static void MapPools(this IEndpointRouteBuilder tenant)
    {
        var pools = tenant.MapGroup("/pools");
        pools.MapGet("", PoolEndpoints.ListAsync).WithName("ListPools").RequireAuthorization(AccessPolicies.TenantRead);
        pools.MapPost("", PoolEndpoints.CreateAsync).WithName("CreatePool").RequireAuthorization(AccessPolicies.TenantAdmin)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }
}
