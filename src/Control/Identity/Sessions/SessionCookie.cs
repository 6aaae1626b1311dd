using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;

namespace Platform.Control.Identity.Sessions;

/// <summary>Holds the cookie to its session: an ended session ends its cookie at the next request.</summary>
internal sealed class SessionCookie(UserSessions sessions) : CookieAuthenticationEvents
{
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        if (SessionClaim.Of(context.Principal) is { } session
            && Guid.TryParse(context.Principal?.FindFirstValue(ClaimTypes.NameIdentifier), out var user)
            && await sessions.TouchAsync(session, user, context.HttpContext.RequestAborted))
        {
            return;
        }
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
    }
}
