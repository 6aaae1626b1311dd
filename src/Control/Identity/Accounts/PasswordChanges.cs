using Microsoft.AspNetCore.Identity;
using Platform.Control.Data;
using Platform.Control.Identity.Mail;
using Platform.Control.Identity.Sessions;

namespace Platform.Control.Identity.Accounts;

/// <summary>A new password: all other sessions end, and the user gets a mail about it.</summary>
internal sealed class PasswordChanges(
    UserManager<PlatformUser> users, UserSessions sessions, OneTimeLinks links, SignInWays ways, SecurityEvents events, MailQueue mails)
{
    /// <returns>What is wrong with the new password; empty where it is set.</returns>
    public async Task<IReadOnlyList<string>> ChangeAsync(PlatformUser user, Guid session, string? password, CancellationToken ct)
    {
        if (await SetAsync(user, password) is { Count: > 0 } faults)
            return faults;
        await sessions.KeepAsync(session, user, ct);
        await sessions.EndOthersAsync(user.Id, session, ct);
        await links.ForgetAsync(user.Id, LinkPurposes.ResetPassword, ct);
        await events.RecordAsync(SecurityEvent.PasswordChanged, user.Id);
        mails.Add(new MailRequest.Notice(user.Id, "Your password was changed"));
        return [];
    }

    /// <summary>
    /// By a mailed link. Passkeys go, for one that somebody planted would outlive the reset; a second factor stays, for a
    /// mailbox alone must not remove it, except from an account whose address nobody had confirmed.
    /// </summary>
    /// <returns>What is wrong with the new password; empty where it is set; null where the code is not good.</returns>
    public async Task<IReadOnlyList<string>?> ResetAsync(string? code, string? password, CancellationToken ct)
    {
        if (await links.LookAsync(code, LinkPurposes.ResetPassword, ct) is not { } id || await users.FindByIdAsync($"{id}") is not { } user)
            return null;
        if (await FaultsAsync(user, password) is { Count: > 0 } faults)
            return faults;
        if (await links.UseAsync(code, LinkPurposes.ResetPassword, ct) is null)
            return null;
        var passkeys = await ReplaceAsync(user, password, ct);
        await events.RecordAsync(SecurityEvent.PasswordReset, id);
        var more = passkeys > 0 ? $"All passkeys of the account were removed: {passkeys}." : null;
        mails.Add(new MailRequest.Notice(id, "Your password was reset", more));
        return [];
    }

    /// <summary>
    /// For who proved an address whose account nobody had confirmed: whoever made it may be somebody else, and keeps no way
    /// into it.
    /// </summary>
    /// <returns>What is wrong with the password; empty where the account is confirmed and has it.</returns>
    public async Task<IReadOnlyList<string>> ClaimAsync(PlatformUser user, string? password, CancellationToken ct)
    {
        if (await FaultsAsync(user, password) is { Count: > 0 } faults)
            return faults;
        await ReplaceAsync(user, password, ct);
        user.EmailConfirmed = true;
        if (!(await users.UpdateAsync(user)).Succeeded)
            throw new InvalidOperationException("The account could not be confirmed.");
        await links.ForgetAsync(user.Id, LinkPurposes.ConfirmEmail, ct);
        await links.ForgetAsync(user.Id, LinkPurposes.ResetPassword, ct);
        await events.RecordAsync(SecurityEvent.EmailConfirmed, user.Id);
        return [];
    }

    public async Task<IReadOnlyList<string>> FaultsAsync(PlatformUser user, string? password)
    {
        if (string.IsNullOrEmpty(password))
            return ["The new password is missing."];
        var faults = new List<string>();
        foreach (var validator in users.PasswordValidators)
            faults.AddRange((await validator.ValidateAsync(users, user, password)).Errors.Select(e => e.Description));
        return faults;
    }

    /// <summary>The stamp changes first, so that no session which is about to end adds a way in behind this.</summary>
    /// <returns>How many passkeys were removed.</returns>
    private async Task<int> ReplaceAsync(PlatformUser user, string? password, CancellationToken ct)
    {
        var unproved = !user.EmailConfirmed;
        if (unproved)
            (user.TwoFactorEnabled, user.TotpSecret) = (false, null);
        if (await SetAsync(user, password) is [var fault, ..])
            throw new InvalidOperationException($"The password could not be set: {fault}");
        return await ways.EndAsync(user.Id, unproved, ct);
    }

    private async Task<IReadOnlyList<string>> SetAsync(PlatformUser user, string? password)
    {
        if (await FaultsAsync(user, password) is { Count: > 0 } faults)
            return faults;
        user.PasswordHash = users.PasswordHasher.HashPassword(user, password!);
        var result = await users.UpdateSecurityStampAsync(user);
        return result.Succeeded ? [] : [.. result.Errors.Select(e => e.Description)];
    }
}
