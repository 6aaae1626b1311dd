using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Access;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Projects;

internal static class ProjectEndpoints
{
    public static Task<Page<ProjectAnswer>> ListAsync(TenantId tenantId, [AsParameters] PageQuery page, Database database, CancellationToken ct) =>
        database.InTenantAsync(
            tenantId, (db, token) => db.Projects.Where(p => p.TenantId == tenantId).ToPageAsync(p => p.Id, page, Answer, token), ct);

    public static async Task<Results<Created<ProjectAnswer>, ProblemHttpResult>> CreateAsync(
        TenantId tenantId, CreateProjectRequest request, CallerRights caller, ConfigWriter writer, CancellationToken ct)
    {
        var outcome = await writer.UnheardInTenantAsync<ProjectRow>(
            tenantId,
            caller.Subject,
            (write, _) =>
            {
                var row = new ProjectRow { TenantId = tenantId, Id = ProjectId.New(), Name = request.Name, CreatedAt = write.Now };
                write.Db.Projects.Add(row);
                write.Audit("project.create", row.Id.ToString());
                return Task.FromResult<Outcome<ProjectRow>>(row);
            },
            ct);
        return outcome.Failed
            ? outcome.Failure.ToProblem()
            : TypedResults.Created($"/api/v1/tenants/{tenantId}/projects/{outcome.Value.Id}", Answer(outcome.Value));
    }

    private static ProjectAnswer Answer(ProjectRow row) => new(row.Id, row.Name, row.CreatedAt);
}
