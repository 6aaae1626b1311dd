using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Platform.Portal.Session;

/// <summary>Authorization code flow with PKCE as a confidential client (RFC 9700).</summary>
internal sealed class OidcSetup(PortalSettings settings, ILogger<OidcSetup> logger) : IConfigureNamedOptions<OpenIdConnectOptions>
{
    private static readonly string[] Scopes = ["openid", "profile", "email", "offline_access", "platform.api"];

    public void Configure(OpenIdConnectOptions options) => Configure(OpenIdConnectDefaults.AuthenticationScheme, options);

    public void Configure(string? name, OpenIdConnectOptions options)
    {
        options.Authority = settings.Authority!.AbsoluteUri;
        options.RequireHttpsMetadata = settings.Authority.Scheme == Uri.UriSchemeHttps;
        options.ClientId = settings.ClientId;
        options.ClientSecret = settings.ClientSecret;
        options.ResponseType = OpenIdConnectResponseType.Code;
        // The answer comes back as a plain navigation, so that cookies with SameSite=Lax travel with it, also over http.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.SaveTokens = true;
        options.MapInboundClaims = false;
        options.DisableTelemetry = true;
        options.BackchannelTimeout = TimeSpan.FromSeconds(10);
        options.SignedOutRedirectUri = "/signed-out";
        options.TokenValidationParameters.NameClaimType = "name";
        options.Scope.Clear();
        foreach (var scope in Scopes)
            options.Scope.Add(scope);
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        }
        options.Events.OnTokenValidated = NameSession;
        options.Events.OnRemoteFailure = ExplainFailure;
    }

    private static Task NameSession(TokenValidatedContext context)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        ((ClaimsIdentity)context.Principal!.Identity!).AddClaim(new(SessionCookie.SessionIdClaim, id));
        return Task.CompletedTask;
    }

    private Task ExplainFailure(RemoteFailureContext context)
    {
        var reason = context.Failure switch
        {
            AuthenticationFailureException e when e.Message.Contains("Correlation failed", StringComparison.Ordinal) => SignInFailures.Stale,
            { Data: var data } when data["error"] as string == "access_denied" => SignInFailures.Denied,
            HttpRequestException or OperationCanceledException => SignInFailures.Unreachable,
            _ when context.Request.Query["error"] == "access_denied" => SignInFailures.Denied,
            _ => SignInFailures.Refused,
        };
        Log.SignInFailed(logger, reason, context.Failure);
        context.HandleResponse();
        context.Response.Redirect(SignInFailures.Page(reason, context.Properties?.RedirectUri));
        return Task.CompletedTask;
    }
}
