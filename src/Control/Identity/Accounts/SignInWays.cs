using Microsoft.EntityFrameworkCore;
using Platform.Control.Data;
using Platform.Control.Identity.Sessions;
using Platform.Control.Identity.TwoFactor;

namespace Platform.Control.Identity.Accounts;

/// <summary>Takes ways in from an account: whoever set them up may be somebody else than who reads its mail.</summary>
internal sealed class SignInWays(IdentityDb db, UserSessions sessions, RecoveryCodes recovery, Guesses guesses, SecurityEvents events)
{
    /// <summary>Ends sessions, a lock by guesses, and passkeys.</summary>
    /// <param name="others">Also recovery codes and sign-ins of other places.</param>
    /// <returns>How many passkeys there were.</returns>
    public async Task<int> EndAsync(Guid user, bool others, CancellationToken ct)
    {
        await guesses.ClearAsync(user, ct);
        await sessions.EndAllAsync(user, by: null, ct);
        if (others)
            await EndOthersAsync(user, ct);
        var passkeys = await db.UserPasskeys.Where(p => p.UserId == user).ExecuteDeleteAsync(ct);
        if (passkeys > 0)
            await events.RecordAsync(SecurityEvent.PasskeyRemoved, user, "all");
        return passkeys;
    }

    private async Task EndOthersAsync(Guid user, CancellationToken ct)
    {
        await recovery.DeleteAsync(user, ct);
        await db.UserLogins.Where(l => l.UserId == user).ExecuteDeleteAsync(ct);
        await events.RecordAsync(SecurityEvent.TotpDisabled, user);
    }
}
