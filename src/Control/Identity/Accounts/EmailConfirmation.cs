using Microsoft.AspNetCore.Identity;
using Platform.Control.Data;
using Platform.Control.Identity.Mail;

namespace Platform.Control.Identity.Accounts;

/// <summary>Nobody signs in before they showed that mail to their address reaches them.</summary>
internal sealed class EmailConfirmation(
    UserManager<PlatformUser> users, OneTimeLinks links, PasswordChanges passwords, SecurityEvents events, MailQueue mails, TimeProvider time)
{
    /// <summary>Mails the link to a new user.</summary>
    public void Ask(PlatformUser user) => mails.Add(new MailRequest.Confirmation(user.Id));

    /// <summary>
    /// The account of an address that somebody wants to join or sign up a tenant with, made where there is none: without a password,
    /// which whoever reads the mail chooses.
    /// </summary>
    public async Task<PlatformUser?> FindOrMakeAsync(string address)
    {
        if (await users.FindByEmailAsync(address) is { } known)
            return known;
        var made = new PlatformUser { Id = Guid.CreateVersion7(time.GetUtcNow()), UserName = address, Email = address };
        return (await users.CreateAsync(made)).Succeeded ? made : null;
    }

    /// <summary>Whether the code would be taken now, and only together with a password.</summary>
    public async Task<bool> NeedsPasswordAsync(string? code, CancellationToken ct) =>
        await links.LookAsync(code, LinkPurposes.ConfirmEmail, ct) is { } id && await users.FindByIdAsync($"{id}") is { PasswordHash: null };

    /// <param name="password">For an account that has none.</param>
    /// <returns>What is wrong with the password; empty where the address is confirmed; null where the code is not good.</returns>
    public async Task<IReadOnlyList<string>?> ConfirmAsync(string? code, string? password, CancellationToken ct)
    {
        if (await links.LookAsync(code, LinkPurposes.ConfirmEmail, ct) is not { } id || await users.FindByIdAsync($"{id}") is not { } user)
            return null;
        var chooses = user.PasswordHash is null;
        if (chooses && await passwords.FaultsAsync(user, password) is { Count: > 0 } faults)
            return faults;
        if (await links.UseAsync(code, LinkPurposes.ConfirmEmail, ct) is null)
            return null;
        if (chooses)
            return await passwords.ClaimAsync(user, password, ct);
        user.EmailConfirmed = true;
        if (!(await users.UpdateAsync(user)).Succeeded)
            return null;
        await events.RecordAsync(SecurityEvent.EmailConfirmed, id);
        return [];
    }
}
