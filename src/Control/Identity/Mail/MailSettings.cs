using System.ComponentModel.DataAnnotations;
using MimeKit;

namespace Platform.Control.Identity.Mail;

/// <summary>
/// Section <c>Email</c>: a server that takes mail over SMTP, or a folder that it is put in. With neither, no mail is sent,
/// and each one that is asked for is counted and logged as lost.
/// </summary>
internal sealed class MailSettings : IValidatableObject
{
    private const string None = "none";
    private const string StartTls = "starttls";
    private const string Tls = "tls";

    public string? Host { get; set; }

    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>A file that holds the password, in place of <see cref="Password"/>.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>The sender, as <c>Name &lt;address&gt;</c> or an address.</summary>
    [Required]
    public string From { get; set; } = "Platform <platform@localhost>";

    /// <summary><c>none</c>, <c>starttls</c> or <c>tls</c>. What is asked for is required: there is no falling back to plain text.</summary>
    [RegularExpression($"^({None}|{StartTls}|{Tls})$", ErrorMessage = "Security is none, starttls or tls.")]
    public string Security { get; set; } = StartTls;

    /// <summary>In place of a server: mails become files in this folder, the newest 200 of them.</summary>
    public string? Folder { get; set; }

    public bool IsPlain => Security == None;

    public bool IsTlsFromTheStart => Security == Tls;

    public MailboxAddress Sender => MailboxAddress.Parse(From);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Host is not null && Folder is not null)
            yield return new("Host and Folder exclude each other.");
        if (Password is not null && PasswordFile is not null)
            yield return new("Password and PasswordFile exclude each other.");
        if (User is not null && Password is null && PasswordFile is null)
            yield return new("User needs Password or PasswordFile.");
        if (PasswordFile is { } file && !File.Exists(file))
            yield return new("PasswordFile does not exist.");
        if (!MailboxAddress.TryParse(From, out _))
            yield return new("From is not a mail address.");
    }
}
