using Microsoft.AspNetCore.Mvc;
using Platform.Contracts.Api;
using Platform.Control.Access;
using Platform.Control.Api;

namespace Platform.Control.OpenAiAdmin;

/// <summary>Tenants' administration in the shapes of OpenAI's organization API, so that existing tools work.</summary>
internal static class OpenAiAdminExtensions
{
    public const string Root = "/v1/organization";

    /// <summary>Failures in OpenAI's shape; before the writers that take every failure.</summary>
    public static void AddOpenAiAdmin(this IServiceCollection services) =>
        services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, OpenAiErrors>());

    public static void MapOpenAiAdmin(this IEndpointRouteBuilder routes)
    {
        var organization = routes.MapGroup(Root)
            .RequireAuthorization(RightRequirement.AnyCaller)
            .WithMetadata(TenantOfCaller.Metadata, new RequestSizeLimitAttribute(WriteCall.MaxBodyBytes))
            .WithTags("OpenAI");
        foreach (var status in new[] { StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound })
            organization.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(OpenAiErrorAnswer), ["application/json"]));

        var projects = organization.MapGroup("/projects");
        projects.MapGet("", OpenAiProjects.ListAsync).WithName("OpenAiListProjects").WithSummary("List projects").Needs(Rights.ProjectsRead);
        projects.MapPost("", OpenAiProjects.CreateAsync).WithName("OpenAiCreateProject").WithSummary("Create a project").Needs(Rights.ProjectsWrite);
        projects.MapGet("/{project_id}", OpenAiProjects.GetAsync).WithName("OpenAiGetProject").WithSummary("Read a project").Needs(Rights.ProjectsRead);
        projects.MapPost("/{project_id}", OpenAiProjects.UpdateAsync).WithName("OpenAiUpdateProject").WithSummary("Change a project").Needs(Rights.ProjectsWrite);
        projects.MapPost("/{project_id}/archive", OpenAiProjects.ArchiveAsync).WithName("OpenAiArchiveProject")
            .WithSummary("Archive a project; its keys are revoked").Needs(Rights.ProjectsWrite);
        projects.MapGet("/{project_id}/api_keys", OpenAiKeys.ListAsync).WithName("OpenAiListKeys").WithSummary("List a project's API keys").Needs(Rights.KeysRead);
        projects.MapGet("/{project_id}/api_keys/{key_id}", OpenAiKeys.GetAsync).WithName("OpenAiGetKey").WithSummary("Read an API key").Needs(Rights.KeysRead);
        projects.MapDelete("/{project_id}/api_keys/{key_id}", OpenAiKeys.DeleteAsync).WithName("OpenAiDeleteKey")
            .WithSummary("Revoke an API key").Needs(Rights.KeysWrite);

        organization.MapGet("/audit_logs", OpenAiAuditLogs.ListAsync).WithName("OpenAiListAuditLogs").WithSummary("List the audit trail").Needs(Rights.AuditRead);
    }
}
