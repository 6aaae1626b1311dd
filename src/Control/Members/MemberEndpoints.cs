using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Access;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Tenants;

namespace Platform.Control.Members;

/// <summary>The people of a tenant; its programs are service clients, and have their own address.</summary>
internal static class MemberEndpoints
{
    private const string Thing = "member";

    private static readonly Sorts<MembershipRow> Sorted = new Sorts<MembershipRow>()
        .By("principal", m => m.Principal).By("email", m => m.Email ?? "").By("role", m => m.Role);

    public static Task<Page<MemberAnswer>> ListAsync(TenantId tenantId, [AsParameters] PageQuery page, Database database, CancellationToken ct) =>
        database.InTenantAsync(
            tenantId,
            (db, token) => People(db, tenantId).Containing(m => m.Email ?? m.Principal, page).ToPageByTextAsync(m => m.Principal, "principal", page, Sorted, Answer, token),
            ct);

    public static async Task<FoundAnswer<MemberAnswer>> GetAsync(TenantId tenantId, string principal, Database database, CancellationToken ct)
    {
        var row = await database.InTenantAsync(
            tenantId, (db, token) => People(db, tenantId).AsNoTracking().SingleOrDefaultAsync(m => m.Principal == principal, token), ct);
        return new(row is null ? null : Answer(row), Thing);
    }

    public static async Task<WriteAnswer<MemberAnswer, Changes>> ReplaceAsync(
        TenantId tenantId, string principal, MemberRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await ChangeAsync(tenantId, principal, call, writer, Failure.NotFound(Thing), async (write, row, token) =>
        {
            if (row.IdentityProviderId is not null)
                return Failure.Conflict(ProblemCodes.RoleManaged, "The role follows from the member's groups at the identity provider.");
            if (await Ownership.RefusalAsync(write, tenantId, row.Role, request.Role, token) is { } refusal)
                return refusal;
            var before = Answer(row);
            row.Role = request.Role;
            row.Version++;
            write.Audit("member.update", principal, before, Answer(row));
            await Inviters.RevokeAsync(write, tenantId, principal, request.Role, token);
            return null;
        }, ct);
        return written.ToChanged();
    }

    public static async Task<WriteAnswer<MemberAnswer, Deletes>> RemoveAsync(
        TenantId tenantId, string principal, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await ChangeAsync(tenantId, principal, call, writer, Failure.NotFound(Thing), async (write, row, token) =>
        {
            if (await Ownership.RefusalAsync(write, tenantId, row.Role, null, token) is { } refusal)
                return refusal;
            write.Db.Memberships.Remove(row);
            write.Audit("member.remove", principal, Answer(row), null);
            await Inviters.RevokeAsync(write, tenantId, principal, null, token);
            return null;
        }, ct);
        return written.ToDeleted();
    }

    /// <summary>Every member may go, whatever the role; but the last owner.</summary>
    public static async Task<WriteAnswer<MemberAnswer, Deletes>> LeaveAsync(
        TenantId tenantId, CallerRights caller, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        // The right to read is enough to leave; a token for reading is not.
        if (caller.Token != TokenRights.Everything)
            return new Written<MemberAnswer> { Failure = Ownership.Forbidden("The token is for reading only.") }.ToDeleted();
        var nobody = Failure.Conflict(ProblemCodes.NotMember, "You are not a member of the tenant.");
        if (caller.Acting is not null)
            return new Written<MemberAnswer> { Failure = nobody }.ToDeleted();
        var written = await ChangeAsync(tenantId, caller.Subject, call, writer, nobody, async (write, row, token) =>
        {
            if (await Ownership.IsLastOwnerAsync(write.Db, tenantId, row.Role, null, token))
                return Ownership.LastOwner;
            write.Db.Memberships.Remove(row);
            write.Audit("member.leave", row.Principal, Answer(row), null);
            await Inviters.RevokeAsync(write, tenantId, row.Principal, null, token);
            return null;
        }, ct);
        return written.ToDeleted();
    }

    /// <summary>Changes of a tenant's members wait for each other, so that each sees who is an owner.</summary>
    private static Task<Written<MemberAnswer>> ChangeAsync(
        TenantId tenant,
        string principal,
        WriteCall call,
        ConfigWriter writer,
        Failure missing,
        Func<ConfigWrite, MembershipRow, CancellationToken, Task<Failure?>> change,
        CancellationToken ct) =>
        writer.UnheardInPlatformAsync<MemberAnswer>(
            tenant,
            call,
            async (write, token) =>
            {
                if (await TenantRows.LockOpenAsync(write.Db, tenant, token) is null
                    || await People(write.Db, tenant).SingleOrDefaultAsync(m => m.Principal == principal, token) is not { } row)
                    return missing;
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                return await change(write, row, token) is { } failure ? failure : Answer(row);
            },
            ct);

    private static IQueryable<MembershipRow> People(ControlDb db, TenantId tenant) =>
        db.Memberships.Where(m => m.TenantId == tenant && !db.ServiceClients.Any(c => c.TenantId == tenant && c.ClientId == m.Principal));

    private static MemberAnswer Answer(MembershipRow row) => new(row.Principal, row.Email, row.Role, row.IdentityProviderId, row.CreatedAt, row.Version);
}
