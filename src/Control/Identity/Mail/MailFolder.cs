namespace Platform.Control.Identity.Mail;

/// <summary>Tells people where their mails are, on a machine of one's own that sends none.</summary>
internal sealed class MailFolder(MailSettings settings, ControlSettings control)
{
    public string? Shown => control.IsPlainLoopback ? settings.Folder : null;
}
