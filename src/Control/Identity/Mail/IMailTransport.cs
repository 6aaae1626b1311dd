using MimeKit;

namespace Platform.Control.Identity.Mail;

/// <summary>Hands a mail over. What it throws is tried again, but for <see cref="MailRefusedException"/>.</summary>
internal interface IMailTransport
{
    Task SendAsync(MimeMessage mail, CancellationToken ct);
}

/// <summary>The mail will never be taken: a permanent answer of the server (RFC 5321, section 4.2.1).</summary>
internal sealed class MailRefusedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Where neither a server nor a folder is set.</summary>
internal sealed class NoTransport : IMailTransport
{
    public Task SendAsync(MimeMessage mail, CancellationToken ct) =>
        Task.FromException(new MailRefusedException("Neither Email:Host nor Email:Folder is set."));
}
