using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Server.AspNetCore;
using Platform.Control.Data;
using Platform.Control.Identity.Sessions;

namespace Platform.Control.Identity;

/// <summary>
/// GET, POST /connect/end-session (OpenID Connect RP-Initiated Logout 1.0). OpenIddict has checked that the address to
/// go to is the client's own.
/// </summary>
internal static class EndSessionEndpoint
{
    public static async Task<IResult> HandleAsync(HttpContext context, UserManager<PlatformUser> users, UserSessions sessions, SecurityEvents events)
    {
        var principal = (await context.AuthenticateAsync(IdentityConstants.ApplicationScheme)).Principal;
        if (SessionClaim.Of(principal) is { } session && Guid.TryParse(users.GetUserId(principal!), out var user))
        {
            var provider = await sessions.ProviderOfAsync(session, context.RequestAborted);
            await sessions.EndAsync(user, session, provider, context.RequestAborted);
            await events.RecordAsync(SecurityEvent.SignedOut, user, provider: provider);
        }
        await context.SignOutAsync(IdentityConstants.ApplicationScheme);
        return Results.SignOut(new() { RedirectUri = "/identity/signed-out" }, [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
    }
}
