using Platform.Control.Access;

namespace Platform.Control.Projects;

internal static class ProjectsExtensions
{
    public static void MapProjects(this IEndpointRouteBuilder tenant)
    {
        var projects = tenant.MapGroup("/projects");
        projects.MapGet("", ProjectEndpoints.ListAsync).WithName("ListProjects").RequireAuthorization(AccessPolicies.TenantRead);
        projects.MapPost("", ProjectEndpoints.CreateAsync).WithName("CreateProject").RequireAuthorization(AccessPolicies.TenantDevelop)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }
}
