using Microsoft.EntityFrameworkCore;
using Platform.Control.Data;
using Platform.Control.Identity.TwoFactor;

namespace Platform.Control.Identity.Accounts;

/// <summary>Takes ways to sign in from an account: whoever set them up may be somebody else than who reads its mail.</summary>
internal sealed class SignInWays(IdentityDb db, RecoveryCodes recovery, SecurityEvents events)
{
    /// <returns>How many there were.</returns>
    public async Task<int> RemovePasskeysAsync(Guid user, CancellationToken ct)
    {
        var removed = await db.UserPasskeys.Where(p => p.UserId == user).ExecuteDeleteAsync(ct);
        if (removed > 0)
            await events.RecordAsync(SecurityEvent.PasskeyRemoved, user, "all");
        return removed;
    }

    /// <summary>What passkeys and the password leave: codes of a second factor, and sign-ins of other places.</summary>
    public async Task RemoveOthersAsync(Guid user, CancellationToken ct)
    {
        await recovery.DeleteAsync(user, ct);
        await db.UserLogins.Where(l => l.UserId == user).ExecuteDeleteAsync(ct);
        await events.RecordAsync(SecurityEvent.TotpDisabled, user);
    }
}
