using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Platform.Control.Data;
using Platform.Control.Identity.Sessions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Platform.Control.Identity;

/// <summary>
/// GET, POST /connect/authorize: a code for a signed-in user, else the sign-in page. There is no consent page: every
/// client is the platform's own.
/// </summary>
internal static class AuthorizeEndpoint
{
    private const string SignedInAgain = "signed_in_after";

    public static async Task<IResult> HandleAsync(
        HttpContext context, UserManager<PlatformUser> users, SessionGrants grants, TimeProvider time)
    {
        var request = context.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("Not an authorization request.");
        var session = await context.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        var user = session.Principal is { } principal ? await users.GetUserAsync(principal) : null;
        if (user is null || SessionClaim.Of(session.Principal) is not { } id || MustSignInAgain(context, request, session, time.GetUtcNow()))
        {
            return request.HasPromptValue(PromptValues.None)
                ? Results.Forbid(Refusal(Errors.LoginRequired, "The user is not signed in."), [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme])
                : Results.Challenge(new() { RedirectUri = ReturnUrl(context, time.GetUtcNow()) }, [IdentityConstants.ApplicationScheme]);
        }
        return Results.SignIn(
            await grants.GrantAsync(TokenPrincipals.OfUser(user, id, request.GetScopes()), id, request.ClientId!, context.RequestAborted),
            authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    public static AuthenticationProperties Refusal(string error, string description) => new(new Dictionary<string, string?>
    {
        [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
        [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
    });

    /// <summary>prompt=login and max_age (OpenID Connect Core, section 3.1.2.1).</summary>
    private static bool MustSignInAgain(HttpContext context, OpenIddictRequest request, AuthenticateResult session, DateTimeOffset now)
    {
        var signedIn = SessionClaim.TimeOf(session.Principal);
        if (request.MaxAge is { } seconds && now - signedIn > TimeSpan.FromSeconds(seconds))
            return true;
        if (!request.HasPromptValue(PromptValues.Login))
            return false;
        return !long.TryParse(context.Request.Query[SignedInAgain], out var asked) || signedIn.ToUnixTimeSeconds() < asked;
    }

    /// <summary>The same request again, with a mark of when a new sign-in was asked for.</summary>
    private static string ReturnUrl(HttpContext context, DateTimeOffset now)
    {
        var parameters = context.Request.HasFormContentType ? context.Request.Form.AsEnumerable() : context.Request.Query;
        var query = parameters
            .Where(p => p.Key != SignedInAgain)
            .Append(new(SignedInAgain, now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return context.Request.PathBase + context.Request.Path + QueryString.Create(query);
    }
}
