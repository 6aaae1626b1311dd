using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Platform.Control.Data;
using Platform.Control.Identity.Accounts;

namespace Platform.Control.Identity.Pages.Account;

[EnableRateLimiting(SignInLimit.Policy)]
internal sealed class PasswordModel(UserManager<PlatformUser> users, PasswordCheck check, PasswordChanges changes) : AccountPage(users)
{
    public void OnGet(string? done) => Message = done is null ? null : "Your password is changed, and all other sessions are ended.";

    public async Task<IActionResult> OnPostAsync([FromForm] string? current, [FromForm] string? password)
    {
        var ct = HttpContext.RequestAborted;
        if (!await check.IsRightAsync(Person, current, ct))
            return Refuse("The current password is not right; after several tries, wait a few minutes.");
        if (await changes.ChangeAsync(Person, SessionId, password, ct) is { Count: > 0 } faults)
            return Refuse(string.Join(" ", faults));
        return RedirectToPage(new { done = "changed" });
    }
}
