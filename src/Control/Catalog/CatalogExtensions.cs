using Platform.Control.Access;

namespace Platform.Control.Catalog;

internal static class CatalogExtensions
{
    public static void MapModels(this IEndpointRouteBuilder tenant)
    {
        var models = tenant.MapGroup("/models");
        models.MapGet("", ModelEndpoints.ListAsync).WithName("ListModels").Needs(Rights.ModelsRead);
        models.MapPost("", ModelEndpoints.CreateAsync).WithName("CreateModel").Needs(Rights.ModelsWrite)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }
}
