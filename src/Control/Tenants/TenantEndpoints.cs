using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Access;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;

namespace Platform.Control.Tenants;

internal static class TenantEndpoints
{
    private const int MaxMemberships = 1000;

    /// <summary>Who calls, and where they may go.</summary>
    public static async Task<MeAnswer> MeAsync(CallerRights caller, Database database, CancellationToken ct)
    {
        var memberships = await database.AsUserAsync(
            caller.Subject,
            tenant: null,
            (db, token) => db.Memberships.Where(m => m.Principal == caller.Subject)
                .Join(db.Tenants, m => m.TenantId, t => t.Id, (m, t) => new { t.Id, t.Name, t.Slug, m.Role })
                .Where(m => m.Id != TenantId.Platform)
                .OrderBy(m => m.Id)
                .Take(MaxMemberships)
                .Select(m => new MembershipAnswer(m.Id, m.Name, m.Slug, m.Role))
                .ToListAsync(token),
            ct);
        return new(caller.Subject, caller.Email, caller.OperatorRole, memberships);
    }

    /// <summary>All tenants for operators, else those that the caller is a member of.</summary>
    public static Task<Page<TenantAnswer>> ListAsync([AsParameters] PageQuery page, CallerRights caller, Database database, CancellationToken ct) =>
        caller.IsAnyOperator
            ? database.InPlatformAsync((db, token) => db.Tenants.Where(t => t.Id != TenantId.Platform).ToPageAsync(t => t.Id, page, Answer, token), ct)
            : database.AsUserAsync(
                caller.Subject,
                tenant: null,
                (db, token) => db.Tenants
                    .Where(t => t.Id != TenantId.Platform && db.Memberships.Any(m => m.TenantId == t.Id && m.Principal == caller.Subject))
                    .ToPageAsync(t => t.Id, page, Answer, token),
                ct);

    public static async Task<Results<Ok<TenantAnswer>, NotFound>> GetAsync(TenantId tenantId, Database database, CancellationToken ct)
    {
        var row = await database.InTenantAsync(
            tenantId, (db, token) => db.Tenants.AsNoTracking().SingleOrDefaultAsync(t => t.Id == tenantId, token), ct);
        return row is null ? TypedResults.NotFound() : TypedResults.Ok(Answer(row));
    }

    public static async Task<Results<Created<TenantAnswer>, ProblemHttpResult>> CreateAsync(
        CreateTenantRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var id = TenantId.New();
        var outcome = await writer.InPlatformAsync<TenantRow>(
            id,
            call,
            async (write, token) =>
            {
                var group = AgentGroupName.Parse(request.Group);
                if (!await write.Db.AgentGroups.AnyAsync(g => g.Name == group, token))
                    return new Failure(StatusCodes.Status422UnprocessableEntity, ProblemCodes.GroupUnknown, "There is no such agent group.");
                var row = new TenantRow { Id = id, Name = request.Name, Slug = request.Slug, GroupName = group, CreatedAt = write.Now };
                write.Db.Tenants.Add(row);
                write.Affects(Affected.Tenant(id));
                write.Audit("tenant.create", id.ToString());
                return row;
            },
            ct);
        return outcome.Failed ? outcome.Failure.ToProblem() : TypedResults.Created($"/api/v1/tenants/{id}", Answer(outcome.Value));
    }

    private static TenantAnswer Answer(TenantRow row) => new(
        row.Id, row.Name, row.Slug, row.GroupName, row.Suspended, row.EndsStreams, row.ClosedAt, row.CreatedAt, row.Version);
}
