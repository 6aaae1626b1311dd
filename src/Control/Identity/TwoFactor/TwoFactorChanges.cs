using Microsoft.AspNetCore.Identity;
using Platform.Control.Data;
using Platform.Control.Identity.Mail;

namespace Platform.Control.Identity.TwoFactor;

/// <summary>Turns the second factor on and off, and makes recovery codes.</summary>
internal sealed class TwoFactorChanges(
    UserManager<PlatformUser> users, Authenticator authenticator, RecoveryCodes recovery, SecurityEvents events, MailQueue mails)
{
    /// <summary>Gives a user without a second factor a fresh secret to put into the app.</summary>
    public Task PrepareAsync(PlatformUser user)
    {
        authenticator.Prepare(user);
        return SaveAsync(user);
    }

    /// <returns>The recovery codes; null where the code is not the app's.</returns>
    public async Task<IReadOnlyList<string>?> EnableAsync(PlatformUser user, string? code, CancellationToken ct)
    {
        if (user.TwoFactorEnabled || !await authenticator.TakeAsync(user, code, ct))
            return null;
        user.TwoFactorEnabled = true;
        await SaveAsync(user);
        await events.RecordAsync(SecurityEvent.TotpEnabled, user.Id);
        return await recovery.MakeAsync(user.Id, ct);
    }

    public async Task DisableAsync(PlatformUser user, CancellationToken ct)
    {
        user.TwoFactorEnabled = false;
        user.TotpSecret = null;
        await SaveAsync(user);
        await recovery.DeleteAsync(user.Id, ct);
        await events.RecordAsync(SecurityEvent.TotpDisabled, user.Id);
        mails.Add(new MailRequest.Notice(user.Id, "Two-factor sign-in was turned off"));
    }

    public async Task<IReadOnlyList<string>> RenewCodesAsync(PlatformUser user, CancellationToken ct)
    {
        var codes = await recovery.MakeAsync(user.Id, ct);
        await events.RecordAsync(SecurityEvent.RecoveryCodesMade, user.Id);
        return codes;
    }

    /// <summary>Not through the user manager's own setter, which changes the security stamp and so ends every session.</summary>
    private async Task SaveAsync(PlatformUser user)
    {
        var result = await users.UpdateAsync(user);
        if (!result.Succeeded)
            throw new InvalidOperationException($"The user could not be saved: {string.Join(", ", result.Errors.Select(e => e.Code))}");
    }
}
