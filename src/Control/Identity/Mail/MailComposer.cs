using System.Globalization;
using Microsoft.AspNetCore.Identity;
using MimeKit;
using MimeKit.Utils;
using Platform.Control.Data;
using Platform.Control.Identity.Accounts;

namespace Platform.Control.Identity.Mail;

/// <summary>Writes the mail that a <see cref="MailRequest"/> asks for: plain text, its link made at that moment.</summary>
internal sealed class MailComposer(
    UserManager<PlatformUser> users, OneTimeLinks links, EmailConfirmation confirmation, MailSettings settings, ControlSettings control)
{
    public async Task<MimeMessage?> ComposeAsync(MailRequest request, CancellationToken ct) => request switch
    {
        MailRequest.Help help => await users.FindByEmailAsync(help.Address) is { } user ? await HelpAsync(user, ct) : null,
        MailRequest.Confirmation asked => await users.FindByIdAsync($"{asked.UserId}") is { } user ? await ConfirmationAsync(user, ct) : null,
        MailRequest.NewAccount account => await confirmation.FindOrMakeAsync(account.Address) is { } user ? await ConfirmationAsync(user, ct, account.ReturnPath) : null,
        MailRequest.Notice notice => await users.FindByIdAsync($"{notice.UserId}") is { } user ? Notice(user, notice) : null,
        MailRequest.Invitation invitation => Invitation(invitation),
        _ => throw new InvalidOperationException("No such mail."),
    };

    /// <summary>Who never confirmed the address cannot sign in with any password: they get that link.</summary>
    private Task<MimeMessage?> HelpAsync(PlatformUser user, CancellationToken ct) =>
        user.EmailConfirmed ? ResetAsync(user, ct) : ConfirmationAsync(user, ct);

    private async Task<MimeMessage?> ResetAsync(PlatformUser user, CancellationToken ct) =>
        await links.MakeAsync(user.Id, LinkPurposes.ResetPassword, ct) is { } code
            ? Mail(user, "Reset your password", $"""
                Somebody, probably you, asked to reset the password of {user.Email}.

                Choose a new one here, within {OneTimeLinks.ResetLifetime.TotalMinutes:0} minutes:
                {Link("/identity/reset", code)}

                If it was not you, do nothing: your password stays as it is.
                """)
            : null;

    private async Task<MimeMessage?> ConfirmationAsync(PlatformUser user, CancellationToken ct, string? returnPath = null) =>
        !user.EmailConfirmed && await links.MakeAsync(user.Id, LinkPurposes.ConfirmEmail, ct) is { } code
            ? Mail(user, "Confirm your e-mail address", $"""
                There is an account for {user.Email} that cannot be used before the address is confirmed.

                Confirm it here, within {OneTimeLinks.ConfirmLifetime.TotalHours:0} hours:
                {Link("/identity/confirm", code)}{(returnPath is null ? "" : $"&returnUrl={Uri.EscapeDataString(returnPath)}")}

                If you know nothing of it, do nothing.
                """)
            : null;

    private MimeMessage Notice(PlatformUser user, MailRequest.Notice notice) => Mail(user, notice.What, $"""
        {notice.What}.{(notice.More is null ? "" : " " + notice.More)}

        If that was you, all is well. If not, reset your password now and end all sessions:
        {new Uri(control.Issuer, "/identity/forgot")}
        """);

    private MimeMessage Invitation(MailRequest.Invitation invitation) => Mail(invitation.Address, $"You are invited to {Line(invitation.TenantName)}", $"""
        You are invited to join {Line(invitation.TenantName)}.

        Accept here, until {invitation.ExpiresAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC:
        {invitation.Link}

        If you know nothing of it, do nothing.
        """);

    /// <summary>A tenant chose its name: it must not break out of its line.</summary>
    private static string Line(string text) => string.Concat(text.Where(c => !char.IsControl(c)));

    private Uri Link(string path, string code) => new(control.Issuer, $"{path}?code={code}");

    private MimeMessage Mail(PlatformUser user, string subject, string text) =>
        Mail(user.Email ?? throw new InvalidOperationException("The user has no address."), subject, text);

    private MimeMessage Mail(string address, string subject, string text)
    {
        var mail = new MimeMessage { Subject = subject, Body = new TextPart("plain") { Text = text } };
        // Not the name of the machine, which is nobody's business.
        mail.MessageId = MimeUtils.GenerateMessageId(control.Issuer.Host);
        mail.From.Add(settings.Sender);
        mail.To.Add(new MailboxAddress(null, address));
        // RFC 3834: nobody's absence note answers this.
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        return mail;
    }
}
