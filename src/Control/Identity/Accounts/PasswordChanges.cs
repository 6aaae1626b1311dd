using Microsoft.AspNetCore.Identity;
using Platform.Control.Data;
using Platform.Control.Identity.Mail;
using Platform.Control.Identity.Sessions;

namespace Platform.Control.Identity.Accounts;

/// <summary>A new password: all other sessions end, and the user gets a mail about it.</summary>
internal sealed class PasswordChanges(
    UserManager<PlatformUser> users, UserSessions sessions, OneTimeLinks links, Guesses guesses, SecurityEvents events, MailQueue mails)
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

    /// <returns>What is wrong with the new password; empty where it is set; null where the code is not good.</returns>
    public async Task<IReadOnlyList<string>?> ResetAsync(string? code, string? password, CancellationToken ct)
    {
        if (await links.LookAsync(code, LinkPurposes.ResetPassword, ct) is not { } id || await users.FindByIdAsync($"{id}") is not { } user)
            return null;
        if (await FaultsAsync(user, password) is { Count: > 0 } faults)
            return faults;
        if (await links.UseAsync(code, LinkPurposes.ResetPassword, ct) is null)
            return null;
        await SetAsync(user, password);
        await guesses.ClearAsync(id, ct);
        await sessions.EndAllAsync(id, ct);
        await events.RecordAsync(SecurityEvent.PasswordReset, id);
        mails.Add(new MailRequest.Notice(id, "Your password was reset"));
        return [];
    }

    private async Task<IReadOnlyList<string>> SetAsync(PlatformUser user, string? password)
    {
        if (await FaultsAsync(user, password) is { Count: > 0 } faults)
            return faults;
        user.PasswordHash = users.PasswordHasher.HashPassword(user, password!);
        var result = await users.UpdateSecurityStampAsync(user);
        return result.Succeeded ? [] : [.. result.Errors.Select(e => e.Description)];
    }

    private async Task<IReadOnlyList<string>> FaultsAsync(PlatformUser user, string? password)
    {
        if (string.IsNullOrEmpty(password))
            return ["The new password is missing."];
        var faults = new List<string>();
        foreach (var validator in users.PasswordValidators)
            faults.AddRange((await validator.ValidateAsync(users, user, password)).Errors.Select(e => e.Description));
        return faults;
    }
}
