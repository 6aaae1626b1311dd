using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Platform.Control.Identity.Accounts;
using Platform.Control.Identity.TwoFactor;

namespace Platform.Control.Identity.Pages;

/// <summary>The second factor, for who gave the right password a moment ago.</summary>
[EnableRateLimiting(SignInLimit.Policy)]
internal sealed class SignInCodeModel(SecondStep second, FormTargets targets) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public string? Fault { get; private set; }

    public string? FormTarget { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (await second.UserAsync() is null)
            return RedirectToPage("/SignIn", new { ReturnUrl });
        FormTarget = await targets.OriginOfAsync(ReturnUrl, HttpContext.RequestAborted);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync([FromForm] string? code)
    {
        var step = await second.TryAsync(code, HttpContext.RequestAborted);
        if (step is SignInStep.Done)
            return LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/identity/signed-in");
        if (step is SignInStep.Refused)
            return RedirectToPage("/SignIn", new { ReturnUrl });
        Fault = "That did not work. A code is good once; after several tries, wait a few minutes.";
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        return await OnGetAsync();
    }
}
