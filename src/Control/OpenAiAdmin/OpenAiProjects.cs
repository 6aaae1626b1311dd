using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Access;
using Platform.Control.Api;
using Platform.Control.ApiKeys;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;

namespace Platform.Control.OpenAiAdmin;

/// <summary>Our projects as OpenAI's: archived there is deleted here, and usage still names it.</summary>
internal static class OpenAiProjects
{
    private const string Thing = "project";

    public static async Task<OpenAiList<OpenAiProject>> ListAsync(
        CallerRights caller, Database database, CancellationToken ct, int? limit = null, string? after = null, [FromQuery(Name = "include_archived")] bool archived = false)
    {
        var (tenant, page) = (caller.Tenant!.Value, OpenAiPages.Query(limit, after));
        var found = await database.InTenantAsync(
            tenant,
            (db, token) => db.Projects.Where(p => p.TenantId == tenant && (archived || p.DeletedAt == null)).ToPageAsync(p => p.Id, page, Answer, token),
            ct);
        return OpenAiPages.List(found, p => p.Id);
    }

    public static async Task<FoundAnswer<OpenAiProject>> GetAsync(
        CallerRights caller, [FromRoute(Name = "project_id")] ProjectId id, Database database, CancellationToken ct)
    {
        var tenant = caller.Tenant!.Value;
        var row = await database.InTenantAsync(
            tenant, (db, token) => db.Projects.AsNoTracking().SingleOrDefaultAsync(p => p.TenantId == tenant && p.Id == id, token), ct);
        return new(row is null ? null : Answer(row), Thing);
    }

    public static async Task<WriteAnswer<OpenAiProject, Changes>> CreateAsync(
        CallerRights caller, OpenAiProjectRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var tenant = caller.Tenant!.Value;
        var written = await writer.UnheardInTenantAsync<OpenAiProject>(
            tenant,
            call,
            (write, _) =>
            {
                var row = new ProjectRow { TenantId = tenant, Id = ProjectId.New(), Name = request.Name, CreatedAt = write.Now };
                write.Db.Projects.Add(row);
                write.Audit("project.create", row.Id.ToString(), null, Trail(row));
                return Task.FromResult<Outcome<OpenAiProject>>(Answer(row));
            },
            ct);
        return written.ToChanged();
    }

    public static async Task<WriteAnswer<OpenAiProject, Changes>> UpdateAsync(
        CallerRights caller, [FromRoute(Name = "project_id")] ProjectId id, OpenAiProjectRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var tenant = caller.Tenant!.Value;
        var written = await writer.UnheardInTenantAsync<OpenAiProject>(
            tenant,
            call,
            async (write, token) =>
            {
                if (await ActiveAsync(write.Db, tenant, id, token) is not { } row)
                    return Failure.NotFound(Thing);
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                var before = Trail(row);
                row.Name = request.Name;
                row.Version++;
                write.Audit("project.update", id.ToString(), before, Trail(row));
                return Answer(row);
            },
            ct);
        return written.ToChanged();
    }

    /// <summary>An archived project cannot be used: its keys die with it, in the same write.</summary>
    public static async Task<WriteAnswer<OpenAiProject, Changes>> ArchiveAsync(
        CallerRights caller, [FromRoute(Name = "project_id")] ProjectId id, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var tenant = caller.Tenant!.Value;
        var written = await writer.InTenantAsync<OpenAiProject>(
            tenant,
            call,
            async (write, token) =>
            {
                if (await ActiveAsync(write.Db, tenant, id, token) is not { } row)
                    return Failure.NotFound(Thing);
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                foreach (var key in await write.Db.ApiKeys.Where(k => k.TenantId == tenant && k.ProjectId == id && k.RevokedAt == null).ToListAsync(token))
                    ApiKeyWrites.Revoke(write, key);
                var before = Trail(row);
                row.DeletedAt = write.Now;
                row.Version++;
                write.Affects(Affected.Tenant(tenant));
                write.Audit("project.delete", id.ToString(), before, null);
                return Answer(row);
            },
            ct);
        return written.ToChanged();
    }

    public static Task<ProjectRow?> ActiveAsync(ControlDb db, TenantId tenant, ProjectId id, CancellationToken ct) =>
        db.Projects.SingleOrDefaultAsync(p => p.TenantId == tenant && p.Id == id && p.DeletedAt == null, ct);

    private static OpenAiProject Answer(ProjectRow row) => new(
        row.Id.ToString(), row.Name, row.CreatedAt.ToUnixTimeSeconds(), row.DeletedAt?.ToUnixTimeSeconds(), row.DeletedAt is null ? "active" : "archived");

    /// <summary>In the audit trail a project looks the same, whichever way it was changed.</summary>
    private static ProjectAnswer Trail(ProjectRow row) => new(row.Id, row.Name, row.CreatedAt, row.Version);
}
