using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Platform.Control.Data.Entities;
using Platform.Control.Identity.External;
using ExternalLog = Platform.Control.Identity.External.Log;

namespace Platform.Control.Identity.Pages;

/// <summary>
/// GET /identity/external/{id}: to the tenant's own provider; GET /identity/external/{id}/callback: and back. The way there
/// is a page that leads on by itself and no redirect: browsers hold the redirects of the sign-in form to its
/// <c>form-action</c>, which names no tenant's provider.
/// </summary>
[EnableRateLimiting(SignInLimit.EveryCall)]
internal sealed class ExternalModel(
    SignInProviders providers, SignInStates states, CodeFlow flow, ExternalAccounts accounts, ILogger<ExternalModel> logger) : PageModel
{
    private const string Refused = "Signing in with your organisation did not work. Try again; if it stays like this, tell your administrator.";
    private const string NoGroup = "Your organisation knows you, but none of your groups there has a role here. Ask your administrator for one.";

    [BindProperty(SupportsGet = true)]
    public Guid ProviderId { get; set; }

    public string? ProviderName { get; private set; }

    public string? ContinueUrl { get; private set; }

    public string? Fault { get; private set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    /// <summary>Another site may lead here, but not on: that takes a click.</summary>
    public async Task<IActionResult> OnGetAsync()
    {
        if (Request.Headers["Sec-Fetch-Site"].ToString() is "same-origin" or "none")
            return await OnPostAsync();
        if (await providers.FindAsync(ProviderId, HttpContext.RequestAborted) is not { } provider)
            return Refuse(ExternalRefusals.Provider);
        ProviderName = provider.Name;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var ct = HttpContext.RequestAborted;
        if (await providers.FindAsync(ProviderId, ct) is not { } provider)
            return Refuse(ExternalRefusals.Provider);
        var state = states.Begin(HttpContext, ProviderId, Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : null);
        if (await flow.BeginAsync(provider, state, ct) is not { } address)
            return Refuse(ExternalRefusals.Provider);
        (ProviderName, ContinueUrl) = (provider.Name, address);
        Response.Headers["Refresh"] = $"0;url={address}";
        return Page();
    }

    public async Task<IActionResult> OnGetCallbackAsync([FromQuery] string? code, [FromQuery] string? state, [FromQuery] string? iss)
    {
        if (states.Take(HttpContext, ProviderId, state) is not { } begun)
            return Refuse(ExternalRefusals.State);
        if (await providers.FindAsync(ProviderId, HttpContext.RequestAborted) is not { } provider || code is not { Length: > 0 and <= 4096 } || IsOthers(iss, provider))
            return Refuse(ExternalRefusals.Provider);
        var identity = await flow.FinishAsync(provider, begun, code, HttpContext.RequestAborted);
        if (identity.Failed)
            return Refuse(identity.Refusal);
        var user = await accounts.SignInAsync(HttpContext, provider, identity.Value);
        if (user.Failed)
            return Refuse(user.Refusal);
        return LocalRedirect(Url.IsLocalUrl(begun.ReturnUrl) ? begun.ReturnUrl : "/identity/signed-in");
    }

    /// <summary>RFC 9207.</summary>
    private static bool IsOthers(string? iss, IdentityProviderRow provider) => iss is not null && iss != provider.Issuer;

    private PageResult Refuse(string refusal)
    {
        ExternalLog.Refused(logger, ProviderId, refusal);
        Fault = refusal == ExternalRefusals.Groups ? NoGroup : Refused;
        Response.StatusCode = refusal == ExternalRefusals.Groups ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized;
        return Page();
    }
}
