using System.Globalization;
using MimeKit;

namespace Platform.Control.Identity.Mail;

/// <summary>Puts mails into a folder that only its owner can read, for a machine without a mail server.</summary>
internal sealed class FolderTransport(string folder, TimeProvider time) : IMailTransport
{
    public const int Kept = 200;

    public async Task SendAsync(MimeMessage mail, CancellationToken ct)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var name = $"{time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture)}-{Guid.NewGuid():N}.eml";
        var unfinished = Path.Combine(folder, name + ".new");
        await using (var file = new FileStream(unfinished, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            await mail.WriteToAsync(file, ct);
        }
        File.Move(unfinished, Path.Combine(folder, name));
        foreach (var old in Directory.GetFiles(folder, "*.eml").OrderDescending(StringComparer.Ordinal).Skip(Kept))
            File.Delete(old);
    }
}
