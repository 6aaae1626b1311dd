using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Access;
using Platform.Control.Api;
using Platform.Control.Data;

namespace Platform.Control.Tenants;

/// <summary>What members see and change of their tenants.</summary>
internal static class TenantEndpoints
{
    private const int MaxMemberships = 1000;

    /// <summary>Who calls, and where they may go.</summary>
    public static async Task<MeAnswer> MeAsync(CallerRights caller, Database database, CancellationToken ct)
    {
        var memberships = await database.AsUserAsync(
            caller.Subject,
            tenant: null,
            (db, token) => db.Memberships.CountingFor(caller.Subject, caller.Provider)
                .Join(db.Tenants, m => m.TenantId, t => t.Id, (m, t) => new { t.Id, t.Name, t.Slug, m.Role })
                .OrderBy(m => m.Id)
                .Take(MaxMemberships)
                .Select(m => new MembershipAnswer(m.Id, m.Name, m.Slug, m.Role))
                .ToListAsync(token),
            ct);
        return new(caller.Subject, caller.Email, caller.OperatorRole, memberships);
    }

    /// <summary>All tenants for operators, else those that the caller is a member of; closed ones are the operators' list's.</summary>
    public static Task<Page<TenantAnswer>> ListAsync([AsParameters] PageQuery page, CallerRights caller, Database database, CancellationToken ct) =>
        caller.IsAnyOperator
            ? database.InPlatformAsync(
                (db, token) => db.Tenants.Where(t => t.Id != TenantId.Platform && t.ClosedAt == null)
                    .Containing(t => t.Name, page)
                    .ToPageAsync(t => t.Id, page, OperatorTenantEndpoints.Sorted, TenantRows.Answer, token),
                ct)
            : database.AsUserAsync(
                caller.Subject,
                tenant: null,
                (db, token) =>
                {
                    var counting = db.Memberships.CountingFor(caller.Subject, caller.Provider);
                    return db.Tenants.Where(t => counting.Any(m => m.TenantId == t.Id))
                        .Containing(t => t.Name, page)
                        .ToPageAsync(t => t.Id, page, OperatorTenantEndpoints.Sorted, TenantRows.Answer, token);
                },
                ct);

    public static async Task<FoundAnswer<TenantAnswer>> GetAsync(TenantId tenantId, Database database, CancellationToken ct)
    {
        var row = await database.InTenantAsync(
            tenantId, (db, token) => db.Tenants.AsNoTracking().SingleOrDefaultAsync(t => t.Id == tenantId, token), ct);
        return new(row is null ? null : TenantRows.Answer(row), TenantRows.Thing);
    }

    /// <summary>The name is the tenant's own; the slug and the group are the operator's.</summary>
    public static async Task<WriteAnswer<TenantAnswer, Changes>> RenameAsync(
        TenantId tenantId, TenantRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.UnheardInPlatformAsync<TenantAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                if (await TenantRows.LockOpenAsync(write.Db, tenantId, token) is not { } row)
                    return Failure.NotFound(TenantRows.Thing);
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                var before = TenantRows.Answer(row);
                row.Name = request.Name;
                row.Version++;
                var after = TenantRows.Answer(row);
                write.Audit("tenant.update", tenantId.ToString(), before, after);
                return after;
            },
            ct);
        return written.ToChanged();
    }
}
