using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Platform.Control.Data;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Platform.Control.Identity;

/// <summary>GET, POST /connect/userinfo (OpenID Connect Core, section 5.3).</summary>
internal static class UserInfoEndpoint
{
    public static async Task<IResult> HandleAsync(HttpContext context, UserManager<PlatformUser> users)
    {
        var principal = (await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal;
        if (principal?.GetClaim(Claims.Subject) is not { } subject || await users.FindByIdAsync(subject) is not { } user)
        {
            return Results.Challenge(
                AuthorizeEndpoint.Refusal(Errors.InvalidToken, "The token names no user."),
                [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
        }
        var claims = new Dictionary<string, object?> { [Claims.Subject] = subject };
        if (principal.HasScope(OpenIddictConstants.Scopes.Email))
        {
            claims[Claims.Email] = user.Email;
            claims[Claims.EmailVerified] = user.EmailConfirmed;
        }
        if (principal.HasScope(OpenIddictConstants.Scopes.Profile))
        {
            claims[Claims.Name] = user.UserName;
            claims[Claims.PreferredUsername] = user.UserName;
        }
        return Results.Json(claims);
    }
}
