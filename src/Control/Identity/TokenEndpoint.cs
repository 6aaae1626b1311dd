using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Platform.Control.Identity.Clients;
using Platform.Control.Identity.Exchange;
using Platform.Control.Identity.Sessions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Platform.Control.Identity;

/// <summary>
/// POST /connect/token: authorization_code, refresh_token, client_credentials, token exchange. OpenIddict has checked the
/// client, the code and its verifier, the subject token; what remains is whom the token is about.
/// </summary>
internal static class TokenEndpoint
{
    private const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public static async Task<IResult> HandleAsync(HttpContext context, TokenPrincipals principals, TenantExchange exchange, ClientSignIns signIns)
    {
        var request = context.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("Not a token request.");
        if (request.IsClientCredentialsGrantType())
        {
            await signIns.SucceedAsync(request, context.RequestAborted);
            return Results.SignIn(TokenPrincipals.OfClient(request.ClientId!, request.GetScopes()), authenticationScheme: Scheme);
        }

        var grant = (await context.AuthenticateAsync(Scheme)).Principal ?? throw new InvalidOperationException("The grant names nobody.");
        if (request.IsTokenExchangeGrantType())
            return await exchange.AnswerAsync(context, request, grant);
        if (await principals.StillValidAsync(grant, context.RequestAborted) is not { } user)
            return Results.Forbid(AuthorizeEndpoint.Refusal(Errors.InvalidGrant, "The user may no longer sign in."), [Scheme]);
        return Results.SignIn(TokenPrincipals.OfUser(user, SessionClaim.Of(grant), grant.GetScopes()), authenticationScheme: Scheme);
    }
}
