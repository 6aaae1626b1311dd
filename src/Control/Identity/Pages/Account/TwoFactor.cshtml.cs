using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Platform.Control.Data;
using Platform.Control.Identity.Accounts;
using Platform.Control.Identity.TwoFactor;

namespace Platform.Control.Identity.Pages.Account;

[EnableRateLimiting(SignInLimit.Policy)]
internal sealed class TwoFactorModel(
    UserManager<PlatformUser> users, PasswordCheck check, Authenticator authenticator, TwoFactorChanges changes, RecoveryCodes recovery)
    : AccountPage(users)
{
    private const string WrongPassword = "The password is not right; after several tries, wait a few minutes.";

    public int CodesLeft { get; private set; }

    /// <summary>Shown to who just gave the password.</summary>
    public string? Secret { get; private set; }

    public QrCode? Picture { get; private set; }

    public IReadOnlyList<string>? NewCodes { get; private set; }

    public Task OnGetAsync() => FillAsync();

    public async Task<IActionResult> OnPostPrepareAsync([FromForm] string? password)
    {
        if (Person.TwoFactorEnabled)
            return RedirectToPage();
        if (!await check.IsRightAsync(Person, password, HttpContext.RequestAborted))
            return Refuse(WrongPassword);
        await changes.PrepareAsync(Person);
        ShowSecret();
        return Page();
    }

    public async Task<IActionResult> OnPostEnableAsync([FromForm] string? code)
    {
        if (Person.TwoFactorEnabled || Person.TotpSecret is null)
            return RedirectToPage();
        NewCodes = await changes.EnableAsync(Person, code, HttpContext.RequestAborted);
        if (NewCodes is not null)
        {
            Message = "Two-factor sign-in is on.";
            return Page();
        }
        ShowSecret();
        return Refuse("That is not the code of the app. Is the clock of the phone right?");
    }

    public async Task<IActionResult> OnPostCodesAsync([FromForm] string? password)
    {
        if (!await check.IsRightAsync(Person, password, HttpContext.RequestAborted))
        {
            await FillAsync();
            return Refuse(WrongPassword);
        }
        if (Person.TwoFactorEnabled)
            NewCodes = await changes.RenewCodesAsync(Person, HttpContext.RequestAborted);
        return Page();
    }

    public async Task<IActionResult> OnPostDisableAsync([FromForm] string? password)
    {
        if (await check.IsRightAsync(Person, password, HttpContext.RequestAborted))
        {
            await changes.DisableAsync(Person, HttpContext.RequestAborted);
            return RedirectToPage();
        }
        await FillAsync();
        return Refuse(WrongPassword);
    }

    private void ShowSecret()
    {
        Secret = authenticator.SecretOf(Person);
        Picture = QrCode.Of(authenticator.AddressOf(Person));
    }

    private async Task FillAsync() => CodesLeft = await recovery.LeftAsync(Person.Id, HttpContext.RequestAborted);
}
