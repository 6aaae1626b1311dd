using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Server.AspNetCore;

namespace Platform.Control.Identity;

/// <summary>
/// GET, POST /connect/end-session (OpenID Connect RP-Initiated Logout 1.0). OpenIddict has checked that the address to
/// go to is the client's own.
/// </summary>
internal static class EndSessionEndpoint
{
    public static async Task<IResult> HandleAsync(HttpContext context)
    {
        await context.SignOutAsync(IdentityConstants.ApplicationScheme);
        return Results.SignOut(new() { RedirectUri = "/identity/signed-out" }, [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
    }
}
