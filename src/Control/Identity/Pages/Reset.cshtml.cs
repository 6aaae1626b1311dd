using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Platform.Control.Identity.Accounts;

namespace Platform.Control.Identity.Pages;

/// <summary>Where a mailed link leads. Opening it uses nothing up: programs that look at mails open links too.</summary>
[EnableRateLimiting(SignInLimit.Policy)]
internal sealed class ResetModel(OneTimeLinks links, PasswordChanges changes) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Code { get; set; }

    public bool IsGood { get; private set; }

    public bool Done { get; private set; }

    public IReadOnlyList<string> Faults { get; private set; } = [];

    public async Task OnGetAsync() =>
        IsGood = await links.LookAsync(Code, LinkPurposes.ResetPassword, HttpContext.RequestAborted) is not null;

    public async Task OnPostAsync([FromForm] string? password)
    {
        var faults = await changes.ResetAsync(Code, password, HttpContext.RequestAborted);
        IsGood = faults is not null;
        Done = faults is [];
        Faults = faults ?? [];
        if (!Done)
            Response.StatusCode = StatusCodes.Status400BadRequest;
    }
}
