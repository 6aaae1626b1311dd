using Microsoft.AspNetCore.Identity;
using Platform.Control.Data;
using Platform.Control.Identity.Mail;

namespace Platform.Control.Identity.Accounts;

/// <summary>Nobody signs in before they showed that mail to their address reaches them.</summary>
internal sealed class EmailConfirmation(UserManager<PlatformUser> users, OneTimeLinks links, SecurityEvents events, MailQueue mails)
{
    /// <summary>Mails the link to a new user.</summary>
    public void Ask(PlatformUser user) => mails.Add(new MailRequest.Confirmation(user.Id));

    public async Task<bool> ConfirmAsync(string? code, CancellationToken ct)
    {
        if (await links.UseAsync(code, LinkPurposes.ConfirmEmail, ct) is not { } id || await users.FindByIdAsync($"{id}") is not { } user)
            return false;
        user.EmailConfirmed = true;
        if (!(await users.UpdateAsync(user)).Succeeded)
            return false;
        await events.RecordAsync(SecurityEvent.EmailConfirmed, id);
        return true;
    }
}
