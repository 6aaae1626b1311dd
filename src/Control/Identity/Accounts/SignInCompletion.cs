using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
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
        await guesses.ClearAsync(user.Id, ct);
        await SucceedAsync(user, method, null, ct);
    }

    /// <summary>By a tenant's identity provider: the session counts in that tenant only.</summary>
    /// <returns>False where the provider was changed meanwhile.</returns>
    public Task<bool> SucceedAsync(PlatformUser user, IdentityProviderRow provider, CancellationToken ct) => SucceedAsync(user, SignInMethods.Provider, provider, ct);

    private async Task<bool> SucceedAsync(PlatformUser user, string method, IdentityProviderRow? provider, CancellationToken ct)
    {
        await events.RecordAsync(SecurityEvent.SignedIn, user.Id, method, provider is null ? null : new(provider.TenantId, provider.Id));
        if (await sessions.BeginAsync(user, method, provider, ct) is not { } session)
            return false;
        var now = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        List<Claim> claims = [new(SessionClaim.Type, session.ToString("D")), new(SessionClaim.Time, now)];
        if (provider is not null)
            claims.Add(new(SessionClaim.Provider, provider.Id.ToString("D")));
        await signIn.SignInWithClaimsAsync(user, isPersistent: false, claims);
        Log.SignedIn(logger, user.Id, method);
        return true;
    }

    public async Task RefuseAsync(PlatformUser? user, string? about, CancellationToken ct)
    {
        var locked = user is not null && await guesses.IsLockedAsync(user.Id, ct);
        Log.SignInRefused(logger, locked);
        await events.RecordAsync(locked ? SecurityEvent.LockedOut : SecurityEvent.SignInFailed, user?.Id, about);
    }
}
