using Platform.Control.Access;

namespace Platform.Control.Projects;

internal static class ProjectsExtensions
{
    public static void MapProjects(this IEndpointRouteBuilder tenant)
    {
        var projects = tenant.MapGroup("/projects").WithTags("Projects");
        projects.MapGet("", ProjectEndpoints.ListAsync).WithName("ListProjects").WithSummary("List projects").Needs(Rights.ProjectsRead);
        projects.MapPost("", ProjectEndpoints.CreateAsync).WithName("CreateProject").WithSummary("Create a project").Needs(Rights.ProjectsWrite);
        projects.MapGet("/{id}", ProjectEndpoints.GetAsync).WithName("GetProject").WithSummary("Read a project").Needs(Rights.ProjectsRead);
        projects.MapPut("/{id}", ProjectEndpoints.UpdateAsync).WithName("UpdateProject").WithSummary("Replace a project").Needs(Rights.ProjectsWrite);
        projects.MapDelete("/{id}", ProjectEndpoints.DeleteAsync).WithName("DeleteProject").WithSummary("Delete a project").Needs(Rights.ProjectsWrite);
    }
}
