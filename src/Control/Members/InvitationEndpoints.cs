using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Access;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Tenants;

namespace Platform.Control.Members;

internal static class InvitationEndpoints
{
    public const string Thing = "invitation";

    private static readonly Sorts<InvitationRow> Sorted = new Sorts<InvitationRow>().By("email", i => i.Email);

    public static Task<Page<InvitationAnswer>> ListAsync(
        TenantId tenantId, [AsParameters] PageQuery page, Database database, TimeProvider time, CancellationToken ct) =>
        database.InTenantAsync(
            tenantId,
            (db, token) => db.Invitations.Where(i => i.TenantId == tenantId)
                .Containing(i => i.Email, page)
                .ToPageAsync(i => i.Id, page, Sorted, i => Answer(i, time.GetUtcNow()), token),
            ct);

    /// <summary>The answer is the only place where its link ever appears; the mailed one is in no answer.</summary>
    public static Task<WriteAnswer<CreatedInvitationAnswer, Creates>> CreateAsync(
        TenantId tenantId, CreateInvitationRequest request, WriteCall call, NewInvitation invitation, CancellationToken ct) =>
        CreateAsync(tenantId, request, call, invitation, (write, token) => Ownership.RefusalAsync(write, tenantId, null, request.Role, token), ct);

    /// <summary>By an operator, who may invite owners: a new tenant has nobody else to do it.</summary>
    public static Task<WriteAnswer<CreatedInvitationAnswer, Creates>> CreateAsOperatorAsync(
        TenantId tenantId, CreateInvitationRequest request, WriteCall call, NewInvitation invitation, CancellationToken ct) =>
        CreateAsync(tenantId, request, call, invitation, (_, _) => Task.FromResult<Failure?>(null), ct);

    public static async Task<WriteAnswer<InvitationAnswer, Deletes>> RevokeAsync(
        TenantId tenantId, Guid id, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.UnheardInPlatformAsync<InvitationAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                if (await TenantRows.LockOpenAsync(write.Db, tenantId, token) is null
                    || await write.Db.Invitations.SingleOrDefaultAsync(i => i.TenantId == tenantId && i.Id == id, token) is not { } row)
                    return Failure.NotFound(Thing);
                if (row.AcceptedAt is not null)
                    return Failure.Conflict(ProblemCodes.InvitationUsed, "The invitation was accepted: remove the member instead.");
                var before = Answer(row, write.Now);
                row.RevokedAt ??= write.Now;
                var after = Answer(row, write.Now);
                write.Audit("invitation.revoke", id.ToString(), before, after);
                return after;
            },
            ct);
        return written.ToDeleted();
    }

    /// <summary>For the account that was invited; to every other caller there is no such invitation.</summary>
    public static async Task<WriteAnswer<MembershipAnswer, Changes>> AcceptAsync(
        AcceptInvitationRequest request, CallerRights caller, WriteCall call, VerifiedAddress addresses, Invitations invitations, HttpContext context, CancellationToken ct)
    {
        if (caller.Provider is not null)
            return new Written<MembershipAnswer> { Failure = ProviderSignIn.CountsHereOnly }.ToChanged();
        var written = await addresses.OfAsync(caller, context.User) is { } address
            ? await invitations.AcceptAsync(request.Token, caller.Subject, address, call, ct)
            : new() { Failure = Failure.NotFound(Thing) };
        return written.ToChanged();
    }

    public static InvitationAnswer Answer(InvitationRow row, DateTimeOffset now) => new(
        row.Id,
        row.Email,
        row.Role,
        row.AcceptedAt is not null ? InvitationStates.Accepted
            : row.RevokedAt is not null ? InvitationStates.Revoked
            : row.ExpiresAt <= now ? InvitationStates.Expired
            : InvitationStates.Pending,
        row.CreatedBy,
        row.CreatedAt,
        row.ExpiresAt,
        row.AcceptedAt,
        row.RevokedAt);

    private static async Task<WriteAnswer<CreatedInvitationAnswer, Creates>> CreateAsync(
        TenantId tenant,
        CreateInvitationRequest request,
        WriteCall call,
        NewInvitation invitation,
        Func<ConfigWrite, CancellationToken, Task<Failure?>> refusal,
        CancellationToken ct)
    {
        var written = await invitation.MakeAsync(tenant, request, call, refusal, ct);
        return written.ToCreated(_ => $"/api/v1/tenants/{tenant}/invitations");
    }
}
