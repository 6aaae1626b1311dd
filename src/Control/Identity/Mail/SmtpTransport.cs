using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Platform.Control.Identity.Mail;

/// <summary>Mail over SMTP (RFC 5321), a connection for each. Every step has a deadline.</summary>
internal sealed class SmtpTransport(string host, MailSettings settings) : IMailTransport
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public async Task SendAsync(MimeMessage mail, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Deadline);
        using var client = new SmtpClient { Timeout = (int)Deadline.TotalMilliseconds };
        try
        {
            await client.ConnectAsync(host, settings.Port, Security, deadline.Token);
            if (settings.User is { } user)
                await client.AuthenticateAsync(user, await PasswordAsync(deadline.Token), deadline.Token);
            await client.SendAsync(mail, deadline.Token);
            await client.DisconnectAsync(quit: true, deadline.Token);
        }
        catch (SmtpCommandException e) when ((int)e.StatusCode >= 500)
        {
            throw new MailRefusedException($"The mail server answered {(int)e.StatusCode}.", e);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException("The mail server did not answer in time.");
        }
    }

    /// <summary><see cref="SecureSocketOptions.StartTls"/> fails where the server does not offer it.</summary>
    private SecureSocketOptions Security => settings switch
    {
        { IsPlain: true } => SecureSocketOptions.None,
        { IsTlsFromTheStart: true } => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.StartTls,
    };

    private async Task<string> PasswordAsync(CancellationToken ct) =>
        settings.PasswordFile is { } file ? (await File.ReadAllTextAsync(file, ct)).Trim() : settings.Password ?? "";
}
