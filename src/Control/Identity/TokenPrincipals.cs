using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using Platform.Control.Access;
using Platform.Control.Data;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Platform.Control.Identity;

/// <summary>Whom a token is about. It says who the caller is, never what they may do: that is read from the database.</summary>
internal sealed class TokenPrincipals(UserManager<PlatformUser> users, SignInManager<PlatformUser> signIn)
{
    private const string Scheme = "platform";

    /// <summary>Kept in codes and refresh tokens only: a changed password ends them.</summary>
    private const string StampClaim = "platform_stamp";

    public async Task<ClaimsPrincipal> OfUserAsync(PlatformUser user, ImmutableArray<string> scopes)
    {
        var identity = new ClaimsIdentity(Scheme, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, user.Id.ToString("D"))
            .SetClaim(Claims.Email, user.Email)
            .SetClaim(Claims.Name, user.UserName)
            .SetClaim(Claims.PreferredUsername, user.UserName)
            .SetClaim(StampClaim, await users.GetSecurityStampAsync(user));
        return WithScopes(identity, scopes);
    }

    public static ClaimsPrincipal OfClient(string clientId, ImmutableArray<string> scopes)
    {
        var identity = new ClaimsIdentity(Scheme, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, clientId);
        return WithScopes(identity, scopes);
    }

    /// <summary>The user behind a code or refresh token, while they may sign in and nothing of their credentials changed.</summary>
    public async Task<PlatformUser?> StillValidAsync(ClaimsPrincipal principal)
    {
        var user = await users.FindByIdAsync(principal.GetClaim(Claims.Subject) ?? "");
        return user is not null
            && await signIn.CanSignInAsync(user)
            // Not the lockout: anybody can bring that about by guessing, and it must not end the sessions of its victim.
            && principal.GetClaim(StampClaim) == await users.GetSecurityStampAsync(user)
                ? user
                : null;
    }

    private static ClaimsPrincipal WithScopes(ClaimsIdentity identity, ImmutableArray<string> scopes)
    {
        // Only an exchange raises a token.
        identity.SetScopes(scopes.Remove(Acting.RaisedScope));
        identity.SetResources(PlatformScopes.AudiencesOf(scopes));
        identity.SetDestinations(DestinationsOf);
        return new(identity);
    }

    private static IEnumerable<string> DestinationsOf(Claim claim) => claim.Type switch
    {
        StampClaim => [],
        Claims.Email when claim.Subject!.HasScope(OpenIddictConstants.Scopes.Email) => [Destinations.AccessToken, Destinations.IdentityToken],
        Claims.Name or Claims.PreferredUsername when claim.Subject!.HasScope(OpenIddictConstants.Scopes.Profile) => [Destinations.IdentityToken],
        Claims.Subject => [Destinations.AccessToken, Destinations.IdentityToken],
        _ => [],
    };
}
