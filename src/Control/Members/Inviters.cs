using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Access;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Members;

/// <summary>An invitation holds as long as whoever made it could still make it: who was removed comes back by none of their own.</summary>
internal static class Inviters
{
    /// <summary>Whether the invitation's maker is an operator, or a member (a program too) who may give its role.</summary>
    public static async Task<bool> MayStillAsync(ControlDb db, InvitationRow row, CancellationToken ct) =>
        MayGive(
            await db.Memberships
                .Where(m => m.TenantId == row.TenantId && m.Principal == row.CreatedBy
                    && (m.IdentityProviderId == null || db.IdentityProviders.Any(p => p.Id == m.IdentityProviderId && p.Enabled && p.DomainVerifiedAt != null)))
                .Select(m => m.Role).SingleOrDefaultAsync(ct),
            row.Role)
        || await IsOperatorAsync(db, row.CreatedBy, ct);

    /// <summary>Revokes what somebody has invited to and may not any more.</summary>
    /// <param name="role">Their role from now on; null where they are no member.</param>
    public static async Task RevokeAsync(ConfigWrite write, TenantId tenant, string principal, string? role, CancellationToken ct)
    {
        if (await IsOperatorAsync(write.Db, principal, ct))
            return;
        var open = await write.Db.Invitations
            .Where(i => i.TenantId == tenant && i.CreatedBy == principal && i.AcceptedAt == null && i.RevokedAt == null && i.ExpiresAt > write.Now).ToListAsync(ct);
        foreach (var row in open.Where(i => !MayGive(role, i.Role)))
        {
            var before = InvitationEndpoints.Answer(row, write.Now);
            row.RevokedAt = write.Now;
            write.Audit("invitation.revoke", row.Id.ToString(), before, InvitationEndpoints.Answer(row, write.Now));
        }
    }

    /// <summary>As <see cref="Ownership"/> has it: owners are an owner's to make.</summary>
    private static bool MayGive(string? inviter, string role) =>
        inviter is not null && Rights.MembersWrite.Holders.Contains(inviter) && (role != TenantRoles.Owner || inviter == TenantRoles.Owner);

    /// <summary>Operators, whatever they may do, enter tenants by token exchange and are members of none.</summary>
    public static Task<bool> IsOfPlatformAsync(ControlDb db, string principal, CancellationToken ct) => db.Operators.AnyAsync(o => o.Principal == principal, ct);

    private static Task<bool> IsOperatorAsync(ControlDb db, string principal, CancellationToken ct) =>
        db.Operators.AnyAsync(o => o.Principal == principal && o.Role == OperatorRoles.Operator, ct);
}
