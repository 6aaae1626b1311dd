using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Platform.Control.Data;
using Platform.Control.Identity.External;
using SignInResult = Microsoft.AspNetCore.Identity.SignInResult;

namespace Platform.Control.Identity.Pages;

/// <summary>
/// E-mail address and password. Whatever is wrong (nobody of that name, the password, too many tries), the answer reads
/// the same and takes as long.
/// </summary>
[EnableRateLimiting(SignInLimit.Policy)]
internal sealed class SignInModel(
    UserManager<PlatformUser> users,
    SignInManager<PlatformUser> signIn,
    IPasswordHasher<PlatformUser> hasher,
    FormTargets targets,
    SignInProviders providers,
    ILogger<SignInModel> logger) : PageModel
{
    private const int MaxLength = 256;

    private static readonly PlatformUser Nobody = new();
    private static string? nobodysHash;

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    [BindProperty]
    public string? Email { get; set; }

    public string? Fault { get; private set; }

    public string? FormTarget { get; private set; }

    public async Task OnGetAsync() => FormTarget = await targets.OriginOfAsync(ReturnUrl, HttpContext.RequestAborted);

    public async Task<IActionResult> OnPostAsync([FromForm] string? password)
    {
        // Who is known to a tenant's own provider needs no password here.
        if (string.IsNullOrEmpty(password) && await providers.FindByAddressAsync(Email?.Trim(), HttpContext.RequestAborted) is { } provider)
            return LocalRedirect($"/identity/external/{provider.Id}?returnUrl={Uri.EscapeDataString(ReturnUrl ?? "")}");
        var result = await TryAsync(Email?.Trim(), password);
        if (result.Succeeded)
            return LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/identity/signed-in");
        Log.SignInRefused(logger, result.IsLockedOut);
        Fault = "That did not work. Check the address and the password; after several tries, wait a few minutes.";
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        await OnGetAsync();
        return Page();
    }

    private async Task<SignInResult> TryAsync(string? email, string? password)
    {
        if (email is not { Length: > 0 and <= MaxLength } || password is not { Length: > 0 and <= MaxLength })
            return SignInResult.Failed;
        var user = await users.FindByEmailAsync(email);
        if (user is null || await users.IsLockedOutAsync(user))
        {
            nobodysHash ??= hasher.HashPassword(Nobody, "a password of nobody");
            hasher.VerifyHashedPassword(Nobody, nobodysHash, password);
            return user is null ? SignInResult.Failed : SignInResult.LockedOut;
        }
        var result = await signIn.PasswordSignInAsync(user, password, isPersistent: false, lockoutOnFailure: true);
        if (result.Succeeded)
            Log.SignedIn(logger, user.Id);
        return result;
    }
}
