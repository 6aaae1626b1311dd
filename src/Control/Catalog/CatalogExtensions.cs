using Platform.Control.Access;

namespace Platform.Control.Catalog;

internal static class CatalogExtensions
{
    public static void MapModels(this IEndpointRouteBuilder tenant)
    {
        var models = tenant.MapGroup("/models").WithTags("Models");
        models.MapGet("", ModelEndpoints.ListAsync).WithName("ListModels").WithSummary("List own and offered models").Needs(Rights.ModelsRead);
        models.MapPost("", ModelWrites.CreateAsync).WithName("CreateModel").WithSummary("Create a model").Needs(Rights.ModelsWrite);
        models.MapGet("/{id}", ModelEndpoints.GetAsync).WithName("GetModel").WithSummary("Read a model").Needs(Rights.ModelsRead);
        models.MapPut("/{id}", ModelWrites.UpdateAsync).WithName("UpdateModel").WithSummary("Replace a model").Needs(Rights.ModelsWrite);
        models.MapDelete("/{id}", ModelWrites.DeleteAsync).WithName("DeleteModel").WithSummary("Delete a model").Needs(Rights.ModelsWrite);
        tenant.MapGet("/catalog", CatalogEndpoints.ListAsync).WithName("GetCatalog").WithTags("Models")
            .WithSummary("What the tenant's callers may name").Needs(Rights.ModelsRead);
    }
}
