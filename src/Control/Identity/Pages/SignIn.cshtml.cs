using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Platform.Control.Identity.Accounts;
using Platform.Control.Identity.External;
using Platform.Control.Identity.Mail;
using Platform.Control.Identity.Passkeys;

namespace Platform.Control.Identity.Pages;

/// <summary>Signs in with a password or a passkey. Whatever is wrong, the answer reads the same.</summary>
[EnableRateLimiting(SignInLimit.Policy)]
internal sealed class SignInModel(
    PasswordSignIn passwords, UserPasskeys passkeys, FormTargets targets, MailFolder folder, SignInProviders providers, Registration registration) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    [BindProperty]
    public string? Email { get; set; }

    public string? Fault { get; private set; }

    public string? FormTarget { get; private set; }

    /// <summary>Who has no account can ask for one.</summary>
    public bool CanRegister { get; private set; }

    public string? MailFolder => folder.Shown;

    public async Task OnGetAsync()
    {
        FormTarget = await targets.OriginOfAsync(ReturnUrl, HttpContext.RequestAborted);
        CanRegister = await registration.IsOpenAsync(HttpContext.RequestAborted);
    }

    public async Task<IActionResult> OnPostAsync([FromForm] string? password)
    {
        // Who is known to a tenant's own provider needs no password here.
        if (string.IsNullOrEmpty(password) && await providers.FindByAddressAsync(Email?.Trim(), HttpContext.RequestAborted) is { } provider)
            return LocalRedirect($"/identity/external/{provider.Id}?returnUrl={Uri.EscapeDataString(ReturnUrl ?? "")}");
        return await passwords.TryAsync(Email, password, HttpContext.RequestAborted) switch
        {
            SignInStep.Done => Continue(),
            SignInStep.CodeNeeded => RedirectToPage("/SignInCode", new { ReturnUrl }),
            _ => await RefuseAsync("That did not work. Check the address and the password; after several tries, wait a few minutes."),
        };
    }

    public async Task<IActionResult> OnPostPasskeyOptionsAsync() => Content(await passkeys.RequestOptionsAsync(), "application/json");

    public async Task<IActionResult> OnPostPasskeyAsync([FromForm] string? credential) =>
        await passkeys.SignInAsync(credential, HttpContext.RequestAborted) is SignInStep.Done
            ? Continue()
            : await RefuseAsync("That did not work. Try the passkey again, or use your password.");

    private LocalRedirectResult Continue() => LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/identity/signed-in");

    private async Task<IActionResult> RefuseAsync(string fault)
    {
        Fault = fault;
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        await OnGetAsync();
        return Page();
    }
}
