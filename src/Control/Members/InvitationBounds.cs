using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data;

namespace Platform.Control.Members;

/// <summary>How much a tenant invites, so that nobody's mailbox is filled by it. Asked while the tenant's row is locked.</summary>
internal sealed class InvitationBounds(InvitationSettings settings)
{
    /// <summary>To one address from one tenant within <see cref="MailPeriod"/>: each invitation is one mail.</summary>
    public const int MostMails = 3;

    public static readonly TimeSpan MailPeriod = TimeSpan.FromHours(24);

    private static readonly Failure Open = Failure.Conflict(ProblemCodes.InvitationOpen, "The address has an open invitation. Revoke it before you make another one.");

    private static readonly Failure Mails = Failure.Conflict(
        ProblemCodes.TooManyMails, $"The address got {MostMails} invitations of the tenant within 24 hours: wait until tomorrow.");

    /// <returns>Null where there is room.</returns>
    public async Task<Failure?> RefusalAsync(ConfigWrite write, TenantId tenant, string address, CancellationToken ct)
    {
        var (now, since) = (write.Now, write.Now - MailPeriod);
        var all = write.Db.Invitations.Where(i => i.TenantId == tenant);
        var open = all.Where(i => i.AcceptedAt == null && i.RevokedAt == null && i.ExpiresAt > now);
        if (await open.AnyAsync(i => i.Email == address, ct))
            return Open;
        if (await all.CountAsync(i => i.Email == address && i.CreatedAt > since, ct) >= MostMails)
            return Mails;
        return await open.CountAsync(ct) >= settings.MostOpen
            ? Failure.Conflict(ProblemCodes.TooManyInvitations, $"At most {settings.MostOpen} invitations are open at a time: revoke one, or wait until one is accepted or expires.")
            : null;
    }
}
