using System.Net;
using System.Web;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Identity.Mail;
using Platform.Control.Tests.Identity;

namespace Platform.Control.Tests.Security;

/// <summary>Has every kind of link mailed, opens each, and keeps its secret.</summary>
internal static class SecretsOfMails
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    public static async Task MakeAsync(ControlApp app, KnownSecrets known, TenantId tenant, string folder)
    {
        var (asking, invited) = ($"{Guid.NewGuid():N}@example.com", $"{Guid.NewGuid():N}@example.com");
        var forgetful = await app.UserAsync();
        await app.Database.InPlatformAsync((db, ct) => db.PlatformSettings.ExecuteUpdateAsync(s => s.SetProperty(r => r.SignUpMode, SignUpModes.Open), ct), Cancel);
        using var owner = await app.CallerAsync(tenant: tenant, role: TenantRoles.Owner);
        using var browser = new Browser(app);

        using var registered = await browser.SubmitAsync("/identity/register", new() { ["email"] = asking });
        using var forgotten = await browser.SubmitAsync("/identity/forgot", new() { ["email"] = forgetful });
        await owner.CreateAsync<CreatedInvitationAnswer>($"/api/v1/tenants/{tenant}/invitations", new CreateInvitationRequest { Email = invited, Role = TenantRoles.Billing });
        while (app.Services.GetRequiredService<MailQueue>().Pending > 0)
            await Task.Delay(20, Cancel);

        await OpenAsync(browser, known, folder, asking, "code", "confirmation code");
        await OpenAsync(browser, known, folder, forgetful, "code", "reset code");
        await OpenAsync(browser, known, folder, invited, "token", "mailed invitation token");
    }

    private static async Task OpenAsync(Browser browser, KnownSecrets known, string folder, string email, string parameter, string name)
    {
        var mail = Directory.GetFiles(folder, "*.eml").Select(f => MimeMessage.Load(f)).Single(m => m.To.Mailboxes.Single().Address == email);
        var link = MailedControl.LinkIn(mail.TextBody!);
        known.Add(name, HttpUtility.ParseQueryString(link[link.IndexOf('?', StringComparison.Ordinal)..])[parameter]);
        using var used = await browser.SubmitAsync(link, new() { ["password"] = known.Add($"password by {name}", $"correct horse {Guid.NewGuid():N}") });
        used.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Redirect);
    }
}
