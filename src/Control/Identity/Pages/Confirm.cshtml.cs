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

    public bool Done { get; private set; }

    public bool Failed { get; private set; }

    public async Task OnPostAsync()
    {
        Done = await confirmation.ConfirmAsync(Code, HttpContext.RequestAborted);
        Failed = !Done;
        if (Failed)
            Response.StatusCode = StatusCodes.Status400BadRequest;
    }
}
