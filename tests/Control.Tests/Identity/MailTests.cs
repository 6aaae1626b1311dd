using System.Net;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Platform.Control.Identity.Mail;
using Platform.Hosting.Settings;

namespace Platform.Control.Tests.Identity;

/// <summary>Mail over SMTP, to a server that may be away.</summary>
public sealed class MailTests(Servers servers)
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_arrives_although_the_server_was_away_at_first()
    {
        await using var server = new SmtpServer { Fault = SmtpFault.Away };
        await using var control = await StartAsync(server);
        var email = await control.UserAsync();
        using var browser = new Browser(control);

        using var answer = await browser.SubmitAsync("/identity/forgot", new() { ["email"] = email });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await server.ConnectedAsync(1);
        server.Fault = SmtpFault.None;

        var mail = MimeMessage.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(await server.NextAsync())), Cancel);
        mail.To.Mailboxes.Single().Address.ShouldBe(email);
        mail.Headers["Auto-Submitted"].ShouldBe("auto-generated");
        mail.TextBody.ShouldNotBeNull();
        mail.TextBody.ShouldContain($"{control.Url}identity/reset?code=");
    }

    [Fact]
    public async Task A_server_that_hangs_holds_no_request_up()
    {
        await using var server = new SmtpServer { Fault = SmtpFault.Hangs };
        await using var control = await StartAsync(server);
        var email = await control.UserAsync();
        using var browser = new Browser(control);

        using var asked = await browser.SubmitAsync("/identity/forgot", new() { ["email"] = email });
        await server.ConnectedAsync(1);
        using var again = await browser.SubmitAsync("/identity/forgot", new() { ["email"] = "nobody@example.com" });

        asked.StatusCode.ShouldBe(HttpStatusCode.OK);
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_the_server_will_never_take_is_given_up_at_once()
    {
        await using var server = new SmtpServer { Fault = SmtpFault.RefusesRecipients };
        var transport = new SmtpTransport("127.0.0.1", SettingsFor(server, "none"));

        await Should.ThrowAsync<MailRefusedException>(() => transport.SendAsync(Mail(), Cancel));
    }

    [Fact]
    public async Task Without_TLS_nothing_is_sent_where_TLS_was_asked_for()
    {
        await using var server = new SmtpServer();
        var transport = new SmtpTransport("127.0.0.1", SettingsFor(server, "starttls"));

        await Should.ThrowAsync<NotSupportedException>(() => transport.SendAsync(Mail(), Cancel));
        server.Mails.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Beyond_its_bound_the_queue_takes_no_more_and_nobody_hears_of_it()
    {
        await using var server = new SmtpServer { Fault = SmtpFault.Hangs };
        await using var control = await StartAsync(server);
        var queue = control.Services.GetRequiredService<MailQueue>();
        var user = await control.FindAsync(await control.UserAsync());
        for (var i = 0; i < MailQueue.Bound + 10; i++)
            queue.Add(new MailRequest.Notice(user.Id, "Something happened"));

        queue.Pending.ShouldBe(MailQueue.Bound);
        using var browser = new Browser(control);
        using var answer = await browser.SubmitAsync("/identity/forgot", new() { ["email"] = "somebody@example.com" });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task No_kind_of_mail_takes_the_place_of_another()
    {
        await using var server = new SmtpServer { Fault = SmtpFault.Hangs };
        await using var control = await StartAsync(server);
        var queue = control.Services.GetRequiredService<MailQueue>();
        for (var i = 0; i < 2 * MailQueue.Bound; i++)
            queue.Add(new MailRequest.Invitation($"p{i}@example.com", "T", control.Url, DateTimeOffset.UtcNow.AddDays(1)));

        queue.Pending.ShouldBe(MailQueue.Bound);
        queue.Add(new MailRequest.Help("somebody@example.com"));

        queue.Pending.ShouldBe(MailQueue.Bound + 1);
    }

    [Theory]
    [InlineData("Email:Security", "sometimes")]
    [InlineData("Email:From", "not an address")]
    [InlineData("Email:User", "somebody")]
    [InlineData("Email:Folder", "mails")]
    [InlineData("Email:Hots", "mail")]
    public async Task Settings_with_a_fault_stop_the_start(string key, string value)
    {
        await using var control = new ControlApp(servers) { Settings = { ["Email:Host"] = "localhost", [key] = value } };

        await Should.ThrowAsync<SettingsException>(async () => await control.InitializeAsync());
    }

    private static MailSettings SettingsFor(SmtpServer server, string security) => new() { Host = "127.0.0.1", Port = server.Port, Security = security };

    private static MimeMessage Mail()
    {
        var mail = new MimeMessage { Subject = "x", Body = new TextPart("plain") { Text = "x" } };
        mail.From.Add(MailboxAddress.Parse("a@example.com"));
        mail.To.Add(MailboxAddress.Parse("b@example.com"));
        return mail;
    }

    private async Task<ControlApp> StartAsync(SmtpServer server)
    {
        var control = new ControlApp(servers)
        {
            Settings =
            {
                ["Email:Host"] = "127.0.0.1",
                ["Email:Port"] = server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["Email:Security"] = "none",
            },
        };
        await control.InitializeAsync();
        return control;
    }
}
