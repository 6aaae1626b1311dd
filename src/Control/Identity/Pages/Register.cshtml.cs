using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Platform.Control.Identity.Accounts;
using Platform.Control.Identity.Mail;

namespace Platform.Control.Identity.Pages;

/// <summary>Takes an address and looks nothing up, as <see cref="ForgotModel"/> does; 404 where nobody signs up.</summary>
[EnableRateLimiting(SignInLimit.Policy)]
internal sealed class RegisterModel(Registration registration, MailFolder folder) : PageModel
{
    private const int MaxLength = 256;

    public bool IsOpen { get; private set; }

    public bool Asked { get; private set; }

    public string? MailFolder => folder.Shown;

    public async Task OnGetAsync()
    {
        IsOpen = await registration.IsOpenAsync(HttpContext.RequestAborted);
        if (!IsOpen)
            Response.StatusCode = StatusCodes.Status404NotFound;
    }

    public async Task OnPostAsync([FromForm] string? email)
    {
        await OnGetAsync();
        if (!IsOpen)
            return;
        Asked = true;
        if (email?.Trim() is { Length: > 0 and <= MaxLength } address)
            registration.Ask(address);
    }
}
