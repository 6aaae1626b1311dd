using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Platform.Portal.Session;

internal static class SignInEndpoints
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>GET /sign-in?returnUrl: to the authority and back. Where it does not answer, a page says so.</summary>
    public static async Task<Results<ChallengeHttpResult, RedirectHttpResult>> SignInAsync(
        string? returnUrl, IOptionsMonitor<OpenIdConnectOptions> options, ILogger<TokenStore> logger, CancellationToken cancel)
    {
        if (!await IsAuthorityThereAsync(options, logger, cancel))
            return TypedResults.Redirect(SignInFailures.Page(SignInFailures.Unreachable, returnUrl));
        return TypedResults.Challenge(
            new() { RedirectUri = ReturnUrl.Local(returnUrl) }, [OpenIdConnectDefaults.AuthenticationScheme]);
    }

    /// <summary>POST /sign-out: ends the session here and at the authority.</summary>
    public static async Task<IResult> SignOutAsync(
        HttpContext http, IAntiforgery antiforgery, TokenStore store, IOptionsMonitor<OpenIdConnectOptions> options,
        ILogger<TokenStore> logger, CancellationToken cancel)
    {
        if (!await antiforgery.IsRequestValidAsync(http))
            return TypedResults.Redirect(ReturnUrl.Home);
        if (http.User.FindFirstValue(SessionCookie.SessionIdClaim) is { } id)
            store.End(id);
        if (http.User.Identity?.IsAuthenticated == true && await IsAuthorityThereAsync(options, logger, cancel))
            return TypedResults.SignOut(
                new AuthenticationProperties { RedirectUri = "/signed-out" },
                [CookieAuthenticationDefaults.AuthenticationScheme, OpenIdConnectDefaults.AuthenticationScheme]);
        await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return TypedResults.Redirect("/signed-out");
    }

    private static async Task<bool> IsAuthorityThereAsync(IOptionsMonitor<OpenIdConnectOptions> options, ILogger logger, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(Deadline);
        try
        {
            await options.Get(OpenIdConnectDefaults.AuthenticationScheme).ConfigurationManager!.GetConfigurationAsync(deadline.Token);
            return true;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && e is InvalidOperationException or IOException or HttpRequestException or OperationCanceledException)
        {
            Log.AuthorityUnreachable(logger, e);
            return false;
        }
    }
}
