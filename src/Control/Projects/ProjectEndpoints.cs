using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;

namespace Platform.Control.Projects;

internal static class ProjectEndpoints
{
    private const string Thing = "project";

    private static readonly Sorts<ProjectRow> Sorted = new Sorts<ProjectRow>().By("name", p => p.Name);

    public static Task<Page<ProjectAnswer>> ListAsync(TenantId tenantId, [AsParameters] PageQuery page, Database database, CancellationToken ct) =>
        database.InTenantAsync(
            tenantId,
            (db, token) => db.Projects.Where(p => p.TenantId == tenantId && p.DeletedAt == null)
                .Containing(p => p.Name, page)
                .ToPageAsync(p => p.Id, page, Sorted, Answer, token),
            ct);

    public static async Task<FoundAnswer<ProjectAnswer>> GetAsync(TenantId tenantId, ProjectId id, Database database, CancellationToken ct)
    {
        var row = await database.InTenantAsync(tenantId, (db, token) => Of(db, tenantId, id).AsNoTracking().SingleOrDefaultAsync(token), ct);
        return new(row is null ? null : Answer(row), Thing);
    }

    public static async Task<WriteAnswer<ProjectAnswer, Creates>> CreateAsync(
        TenantId tenantId, ProjectRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.UnheardInTenantAsync<ProjectAnswer>(
            tenantId,
            call,
            (write, _) =>
            {
                var row = new ProjectRow { TenantId = tenantId, Id = ProjectId.New(), Name = request.Name, CreatedAt = write.Now };
                write.Db.Projects.Add(row);
                var answer = Answer(row);
                write.Audit("project.create", row.Id.ToString(), null, answer);
                return Task.FromResult<Outcome<ProjectAnswer>>(answer);
            },
            ct);
        return written.ToCreated(p => $"/api/v1/tenants/{tenantId}/projects/{p.Id}");
    }

    public static async Task<WriteAnswer<ProjectAnswer, Changes>> UpdateAsync(
        TenantId tenantId, ProjectId id, ProjectRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.UnheardInTenantAsync<ProjectAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                if (await Of(write.Db, tenantId, id).SingleOrDefaultAsync(token) is not { } row)
                    return Failure.NotFound(Thing);
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                var before = Answer(row);
                row.Name = request.Name;
                row.Version++;
                var after = Answer(row);
                write.Audit("project.update", id.ToString(), before, after);
                return after;
            },
            ct);
        return written.ToChanged();
    }

    /// <summary>A project is deleted when no key works under it any more; usage still names it.</summary>
    public static async Task<WriteAnswer<ProjectAnswer, Deletes>> DeleteAsync(
        TenantId tenantId, ProjectId id, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.InTenantAsync<ProjectAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                if (await Of(write.Db, tenantId, id).SingleOrDefaultAsync(token) is not { } row)
                    return Failure.NotFound(Thing);
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                if (await write.Db.ApiKeys.AnyAsync(k => k.TenantId == tenantId && k.ProjectId == id && k.RevokedAt == null, token))
                    return Failure.Conflict(ProblemCodes.InUse, "The project has API keys that are not revoked: revoke them first.");
                var before = Answer(row);
                row.DeletedAt = write.Now;
                row.Version++;

                // Limits of the project leave the tenant's document with it.
                write.Affects(Affected.Tenant(tenantId));
                write.Audit("project.delete", id.ToString(), before, null);
                return Answer(row);
            },
            ct);
        return written.ToDeleted();
    }

    private static IQueryable<ProjectRow> Of(ControlDb db, TenantId tenant, ProjectId id) =>
        db.Projects.Where(p => p.TenantId == tenant && p.Id == id && p.DeletedAt == null);

    private static ProjectAnswer Answer(ProjectRow row) => new(row.Id, row.Name, row.CreatedAt, row.Version);
}
