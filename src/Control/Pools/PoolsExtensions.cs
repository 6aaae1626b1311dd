using Platform.Control.Access;

namespace Platform.Control.Pools;

internal static class PoolsExtensions
{
    public static void MapPools(this IEndpointRouteBuilder tenant)
    {
        var pools = tenant.MapGroup("/pools");
        pools.MapGet("", PoolEndpoints.ListAsync).WithName("ListPools").Needs(Rights.PoolsRead);
        pools.MapPost("", PoolEndpoints.CreateAsync).WithName("CreatePool").Needs(Rights.PoolsWrite)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }
}
