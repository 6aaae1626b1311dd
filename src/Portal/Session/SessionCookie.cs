using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.StaticAssets;

namespace Platform.Portal.Session;

/// <summary>
/// Keeps the cookie and <see cref="TokenStore"/> in step: the cookie brings a session to a process that does not know
/// it, and takes home tokens that were refreshed here or in a circuit.
/// </summary>
internal sealed class SessionCookie(TokenStore store, SessionRefresh refresh) : CookieAuthenticationEvents
{
    /// <summary>The claim that names a session.</summary>
    public const string SessionIdClaim = "portal_session";

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
            return;
        if (context.Principal?.FindFirstValue(SessionIdClaim) is not { } id || Read(context.Properties) is not { } fromCookie)
        {
            context.RejectPrincipal();
            return;
        }
        var answer = await refresh.GetAsync(store.GetOrAdd(id, fromCookie), context.HttpContext.RequestAborted);
        if (answer.State is TokenState.Ended)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        }
        else if (answer.Tokens is { } tokens && tokens != fromCookie)
        {
            Write(context.Properties, tokens);
            context.ShouldRenew = true;
        }
    }

    private static SessionTokens? Read(AuthenticationProperties properties) =>
        properties.GetTokenValue("access_token") is { } access
        && DateTimeOffset.TryParse(properties.GetTokenValue("expires_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var expires)
            ? new(access, properties.GetTokenValue("refresh_token"), expires)
            : null;

    private static void Write(AuthenticationProperties properties, SessionTokens tokens)
    {
        properties.UpdateTokenValue("access_token", tokens.AccessToken);
        properties.UpdateTokenValue("expires_at", tokens.ExpiresAt.ToString("o", CultureInfo.InvariantCulture));
        if (tokens.RefreshToken is not null)
            properties.UpdateTokenValue("refresh_token", tokens.RefreshToken);
    }
}
