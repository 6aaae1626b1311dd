using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Platform.Control.Identity.Mail;

namespace Platform.Control.Identity.Pages;

/// <summary>Takes an address and looks nothing up: whether there is such an account is found out after the answer.</summary>
[EnableRateLimiting(SignInLimit.Policy)]
internal sealed class ForgotModel(MailQueue mails, MailFolder folder) : PageModel
{
    private const int MaxLength = 256;

    public bool Asked { get; private set; }

    public string? MailFolder => folder.Shown;

    public void OnPost([FromForm] string? email)
    {
        Asked = true;
        if (email?.Trim() is { Length: > 0 and <= MaxLength } address)
            mails.Add(new MailRequest.Help(address));
    }
}
