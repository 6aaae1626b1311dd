using Microsoft.AspNetCore.Identity;
using Platform.Control.Data;
using Platform.Control.Identity.Passwords;

namespace Platform.Control.Identity.Accounts;

/// <summary>Asks a signed-in user for the password again, before something that whoever sits down at the machine must not do.</summary>
internal sealed class PasswordCheck(UserManager<PlatformUser> users, Guesses guesses, SecurityEvents events)
{
    public async Task<bool> IsRightAsync(PlatformUser user, string? password, CancellationToken ct)
    {
        if (password is { Length: > 0 and <= PasswordRules.MaxLength }
            && await guesses.CountAsync(user.Id, ct)
            && await users.CheckPasswordAsync(user, password))
        {
            await guesses.ClearAsync(user.Id, ct);
            return true;
        }
        await events.RecordAsync(SecurityEvent.SignInFailed, user.Id, "password asked again");
        return false;
    }
}
