using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Platform.Control.Identity.Accounts;

namespace Platform.Control.Identity.Pages;

[EnableRateLimiting(SignInLimit.Policy)]
internal sealed class ConfirmModel(EmailConfirmation confirmation) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Code { get; set; }

    /// <summary>Where to go on after the sign-in; a page of this site, or nothing.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    /// <summary>The account has none yet: whoever reads the mail chooses it.</summary>
    public bool NeedsPassword { get; private set; }

    public bool Done { get; private set; }

    public bool Failed { get; private set; }

    public IReadOnlyList<string> Faults { get; private set; } = [];

    public string SignInPath => ReturnUrl is null ? "/identity/sign-in" : $"/identity/sign-in?returnUrl={Uri.EscapeDataString(ReturnUrl)}";

    public async Task OnGetAsync()
    {
        KeepLocal();
        NeedsPassword = await confirmation.NeedsPasswordAsync(Code, HttpContext.RequestAborted);
    }

    public async Task OnPostAsync([FromForm] string? password)
    {
        KeepLocal();
        var faults = await confirmation.ConfirmAsync(Code, password, HttpContext.RequestAborted);
        (Done, Failed, Faults) = (faults is [], faults is null, faults ?? []);
        if (Done)
            return;
        NeedsPassword = !Failed;
        Response.StatusCode = StatusCodes.Status400BadRequest;
    }

    private void KeepLocal() => ReturnUrl = Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : null;
}
