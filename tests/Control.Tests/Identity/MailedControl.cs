using System.Net;
using System.Text.RegularExpressions;
using MimeKit;
using Microsoft.Extensions.DependencyInjection;
using Platform.Control.Identity.Mail;

namespace Platform.Control.Tests.Identity;

/// <summary>Control that puts its mails into a folder.</summary>
public sealed partial class MailedControl : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("control-mails-").FullName, "mail");

    public MailedControl(Servers servers) => App = new(servers) { Settings = { ["Email:Folder"] = _folder } };

    public ControlApp App { get; }

    public string Folder => _folder;

    public async ValueTask InitializeAsync() => await App.InitializeAsync();

    /// <summary>Awaits the mail with that subject to a user.</summary>
    public async Task<string> MailAsync(string email, string subject)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var patience = new CancellationTokenSource(Patience);
        while (await timer.WaitForNextTickAsync(patience.Token))
        {
            if (Mails(email).FirstOrDefault(m => m.Subject == subject) is { } mail)
                return mail.TextBody ?? "";
        }
        throw new InvalidOperationException("Unreachable.");
    }

    /// <summary>The mails of a user, once the queue has no more of anybody's.</summary>
    public async Task<IReadOnlyList<MimeMessage>> AllMailsAsync(string email)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var patience = new CancellationTokenSource(Patience);
        while (App.Services.GetRequiredService<MailQueue>().Pending > 0)
            await timer.WaitForNextTickAsync(patience.Token);
        return [.. Mails(email)];
    }

    /// <summary>The path and query of the link in a mail.</summary>
    public static string LinkIn(string mail) => new Uri(Link().Match(mail).Value).PathAndQuery;

    public async Task AskForHelpAsync(string email)
    {
        using var browser = new Browser(App);
        using var answer = await browser.SubmitAsync("/identity/forgot", new() { ["email"] = email });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    private IEnumerable<MimeMessage> Mails(string email) => !Directory.Exists(_folder)
        ? []
        : Directory.GetFiles(_folder, "*.eml").Order(StringComparer.Ordinal)
            .Select(f => MimeMessage.Load(f))
            .Where(m => m.To.Mailboxes.Single().Address == email);

    [GeneratedRegex(@"http://localhost:\S+")]
    private static partial Regex Link();
}
