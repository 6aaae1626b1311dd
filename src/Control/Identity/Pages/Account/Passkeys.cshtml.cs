using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.IdentityModel.Tokens;
using Platform.Control.Data;
using Platform.Control.Identity.Accounts;
using Platform.Control.Identity.Mail;
using Platform.Control.Identity.Passkeys;

namespace Platform.Control.Identity.Pages.Account;

[EnableRateLimiting(SignInLimit.Policy)]
internal sealed class PasskeysModel(UserManager<PlatformUser> users, PasswordCheck check, UserPasskeys passkeys, MailQueue mails) : AccountPage(users)
{
    public IList<UserPasskeyInfo> Items { get; private set; } = [];

    public async Task OnGetAsync(string? done)
    {
        Message = done switch
        {
            "added" => "The passkey is added.",
            "removed" => "The passkey is removed. Delete it on your device too.",
            _ => null,
        };
        Items = await passkeys.ListAsync(Person);
    }

    /// <summary>For the script: what to ask the browser for, once the password is right.</summary>
    public async Task<IActionResult> OnPostOptionsAsync([FromForm] string? password) =>
        await check.IsRightAsync(Person, password, HttpContext.RequestAborted)
            ? Content(await passkeys.CreationOptionsAsync(Person), "application/json")
            : StatusCode(StatusCodes.Status403Forbidden);

    public async Task<IActionResult> OnPostAddAsync([FromForm] string? credential, [FromForm] string? name)
    {
        if (await passkeys.AddAsync(Person, SessionId, credential, name, HttpContext.RequestAborted))
        {
            mails.Add(new MailRequest.Notice(Person.Id, "A passkey was added to your account"));
            return RedirectToPage(new { done = "added" });
        }
        Items = await passkeys.ListAsync(Person);
        return Refuse($"That did not work. You can have {UserPasskeys.Most} passkeys; try again.");
    }

    public async Task<IActionResult> OnPostRemoveAsync([FromForm] string? id)
    {
        if (id is { Length: > 0 and <= 2048 } && TryDecode(id) is { } credential)
            await passkeys.RemoveAsync(Person, credential);
        return RedirectToPage(new { done = "removed" });
    }

    private static byte[]? TryDecode(string id)
    {
        try
        {
            return Base64UrlEncoder.DecodeBytes(id);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
