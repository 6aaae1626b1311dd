using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Access;
using Platform.Control.Api;
using Platform.Control.ApiKeys;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.OpenAiAdmin;

/// <summary>A project's keys as OpenAI's: those that work or expired; a revoked one is deleted there.</summary>
internal static class OpenAiKeys
{
    private const string Thing = "API key";

    private static readonly Failure NoProject = Failure.NotFound("project");

    public static async Task<FoundAnswer<OpenAiList<OpenAiApiKey>>> ListAsync(
        CallerRights caller, [FromRoute(Name = "project_id")] ProjectId projectId, Database database, CancellationToken ct, int? limit = null, string? after = null)
    {
        var (tenant, page) = (caller.Tenant!.Value, OpenAiPages.Query(limit, after));
        var found = await database.InTenantAsync(
            tenant,
            async (db, token) =>
            {
                if (!await db.Projects.AnyAsync(p => p.TenantId == tenant && p.Id == projectId, token))
                    return null;
                var keys = await Of(db, tenant, projectId).ToPageAsync(k => k.Id, page, k => k, token);
                var owners = await OwnersAsync(db, tenant, keys.Items, token);
                return new Page<OpenAiApiKey>([.. keys.Items.Select(k => Answer(k, owners))], keys.NextCursor);
            },
            ct);
        return new(found is null ? null : OpenAiPages.List(found, k => k.Id), "project");
    }

    public static async Task<FoundAnswer<OpenAiApiKey>> GetAsync(
        CallerRights caller,
        [FromRoute(Name = "project_id")] ProjectId projectId,
        [FromRoute(Name = "key_id")] ApiKeyId id,
        Database database,
        CancellationToken ct)
    {
        var tenant = caller.Tenant!.Value;
        var found = await database.InTenantAsync(
            tenant,
            async (db, token) => await Of(db, tenant, projectId).AsNoTracking().SingleOrDefaultAsync(k => k.Id == id, token) is { } row
                ? Answer(row, await OwnersAsync(db, tenant, [row], token))
                : null,
            ct);
        return new(found, Thing);
    }

    public static async Task<WriteAnswer<OpenAiDeletedKey, Changes>> DeleteAsync(
        CallerRights caller,
        [FromRoute(Name = "project_id")] ProjectId projectId,
        [FromRoute(Name = "key_id")] ApiKeyId id,
        WriteCall call,
        ConfigWriter writer,
        CancellationToken ct)
    {
        var tenant = caller.Tenant!.Value;
        var written = await writer.InTenantAsync<OpenAiDeletedKey>(
            tenant,
            call,
            async (write, token) =>
            {
                if (await OpenAiProjects.ActiveAsync(write.Db, tenant, projectId, token) is null)
                    return NoProject;
                if (await Of(write.Db, tenant, projectId).SingleOrDefaultAsync(k => k.Id == id, token) is not { } row)
                    return Failure.NotFound(Thing);
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                ApiKeyWrites.Revoke(write, row);
                return new OpenAiDeletedKey(id.ToString());
            },
            ct);
        return written.ToChanged();
    }

    private static IQueryable<ApiKeyRow> Of(ControlDb db, TenantId tenant, ProjectId project) =>
        db.ApiKeys.Where(k => k.TenantId == tenant && k.ProjectId == project && k.RevokedAt == null);

    private static Task<Dictionary<string, MembershipRow>> OwnersAsync(ControlDb db, TenantId tenant, IReadOnlyList<ApiKeyRow> keys, CancellationToken ct)
    {
        var principals = keys.Select(k => k.CreatedBy).Distinct().ToList();
        return db.Memberships.AsNoTracking().Where(m => m.TenantId == tenant && principals.Contains(m.Principal)).ToDictionaryAsync(m => m.Principal, ct);
    }

    private static OpenAiApiKey Answer(ApiKeyRow row, Dictionary<string, MembershipRow> owners)
    {
        var member = owners.GetValueOrDefault(row.CreatedBy);
        return new(
            row.Id.ToString(),
            row.Name,
            $"{row.Prefix}...",
            row.CreatedAt.ToUnixTimeSeconds(),
            row.LastUsedAt?.ToUnixTimeSeconds(),
            row.ExpiresAt?.ToUnixTimeSeconds(),
            member is null ? "inactive" : "active",
            Owner(row, member));
    }

    /// <summary>OpenAI knows two roles: an owner, and a member.</summary>
    private static OpenAiKeyOwner Owner(ApiKeyRow row, MembershipRow? member)
    {
        var role = member?.Role == TenantRoles.Owner ? "owner" : "member";
        var since = (member?.CreatedAt ?? row.CreatedAt).ToUnixTimeSeconds();
        return member?.Email is { } email
            ? new("user", new(row.CreatedBy, email, email, since, role), null)
            : new("service_account", null, new(row.CreatedBy, row.CreatedBy, since, role));
    }
}
