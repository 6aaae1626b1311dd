using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using Platform.Control.Access;
using Platform.Control.Data;
using Platform.Control.Identity.Sessions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Platform.Control.Identity;

/// <summary>Whom a token is about. It says who the caller is, never what they may do: that is read from the database.</summary>
internal sealed class TokenPrincipals(UserManager<PlatformUser> users, SignInManager<PlatformUser> signIn, UserSessions sessions)
{
    private const string Scheme = "platform";

    /// <param name="session">The session that it is a part of; null where there is none, and then nothing comes of it.</param>
    public static ClaimsPrincipal OfUser(PlatformUser user, Guid? session, ImmutableArray<string> scopes)
    {
        var identity = new ClaimsIdentity(Scheme, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, user.Id.ToString("D"))
            .SetClaim(Claims.Email, user.Email)
            .SetClaim(Claims.Name, user.UserName)
            .SetClaim(Claims.PreferredUsername, user.UserName)
            .SetClaim(SessionClaim.Type, session?.ToString("D"));
        return WithScopes(identity, scopes);
    }

    public static ClaimsPrincipal OfClient(string clientId, ImmutableArray<string> scopes)
    {
        var identity = new ClaimsIdentity(Scheme, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, clientId);
        return WithScopes(identity, scopes);
    }

    /// <summary>The user behind a code or refresh token, while they may sign in and the session lives.</summary>
    public async Task<PlatformUser?> StillValidAsync(ClaimsPrincipal principal, CancellationToken ct)
    {
        var user = await users.FindByIdAsync(principal.GetClaim(Claims.Subject) ?? "");
        return user is not null
            && await signIn.CanSignInAsync(user)
            // Not the lockout: anybody can bring that about by guessing, and it must not end the sessions of its victim.
            && SessionClaim.Of(principal) is { } session
            && await sessions.TouchAsync(session, user.Id, ct)
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
        SessionClaim.Type => [Destinations.AccessToken],
        Claims.Email when claim.Subject!.HasScope(OpenIddictConstants.Scopes.Email) => [Destinations.AccessToken, Destinations.IdentityToken],
        Claims.Name or Claims.PreferredUsername when claim.Subject!.HasScope(OpenIddictConstants.Scopes.Profile) => [Destinations.IdentityToken],
        Claims.Subject => [Destinations.AccessToken, Destinations.IdentityToken],
        _ => [],
    };
}
