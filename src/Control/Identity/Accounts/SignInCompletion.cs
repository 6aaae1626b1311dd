using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Platform.Control.Data;
using Platform.Control.Identity.Sessions;

namespace Platform.Control.Identity.Accounts;

/// <summary>The end of every way to sign in: recorded, a session, and only then the cookie.</summary>
internal sealed class SignInCompletion(
    SignInManager<PlatformUser> signIn,
    UserSessions sessions,
    SecurityEvents events,
    Guesses guesses,
    TimeProvider time,
    ILogger<SignInCompletion> logger)
{
    public async Task SucceedAsync(PlatformUser user, string method, CancellationToken ct)
    {
        await events.RecordAsync(SecurityEvent.SignedIn, user.Id, method);
        await guesses.ClearAsync(user.Id, ct);
        var session = await sessions.BeginAsync(user, method, ct);
        var now = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        await signIn.SignInWithClaimsAsync(
            user, isPersistent: false, [new(SessionClaim.Type, session.ToString("D")), new(SessionClaim.Time, now)]);
        Log.SignedIn(logger, user.Id, method);
    }

    public async Task RefuseAsync(PlatformUser? user, string? about, CancellationToken ct)
    {
        var locked = user is not null && await guesses.IsLockedAsync(user.Id, ct);
        Log.SignInRefused(logger, locked);
        await events.RecordAsync(locked ? SecurityEvent.LockedOut : SecurityEvent.SignInFailed, user?.Id, about);
    }
}
