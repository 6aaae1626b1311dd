using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Api;
using Platform.Control.Data;
using Platform.Control.Identity.Accounts;

namespace Platform.Control.Tests.Identity;

/// <summary>An account for whoever wants to sign up a tenant: from the page over the mail to a token.</summary>
public sealed class RegistrationTests(MailedControl system) : IClassFixture<MailedControl>
{
    private const string Path = "/identity/register";
    private const string Subject = "Confirm your e-mail address";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Somebody_without_an_account_gets_one_by_mail_and_signs_up_a_tenant()
    {
        await ModeAsync(SignUpModes.Open);
        var email = $"{Guid.NewGuid():N}@example.com";
        using var browser = new Browser(system.App);
        (await browser.ReadAsync("/identity/sign-in")).ShouldContain($"href=\"{Path}\"");

        await AskAsync(browser, email);
        var link = MailedControl.LinkIn(await system.MailAsync(email, Subject));
        using var confirmed = await browser.SubmitAsync(link, new() { ["password"] = ControlApp.Password });

        confirmed.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var http = system.App.Api(await system.App.TokensAsync(browser, email));
        var made = await http.CreateAsync<SignUpAnswer>("/api/v1/sign-ups", new SignUpRequest { TenantName = "Mine", Slug = $"s{Guid.NewGuid():N}"[..20] });
        (await http.GetAsync<MeAnswer>("/api/v1/me")).Memberships.ShouldHaveSingleItem().TenantId.ShouldBe(made.TenantId!.Value);
    }

    [Fact]
    public async Task The_page_reads_the_same_whether_the_address_has_an_account_and_who_has_one_gets_no_mail()
    {
        await ModeAsync(SignUpModes.Approval);
        var known = await system.App.UserAsync();
        using var browser = new Browser(system.App);

        var ofKnown = await AskAsync(browser, known);
        var ofUnknown = await AskAsync(browser, $"{Guid.NewGuid():N}@example.com");

        ofKnown.ShouldBe(ofUnknown);
        (await system.AllMailsAsync(known)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_sign_up_is_off_there_is_no_way_to_ask()
    {
        await ModeAsync(SignUpModes.Open);
        using var browser = new Browser(system.App);
        var page = await browser.ReadAsync(Path);
        await ModeAsync(SignUpModes.Off);
        var email = $"{Guid.NewGuid():N}@example.com";

        using var read = await browser.GetAsync(Path);
        using var asked = await browser.SubmitAsync(Path, page, new() { ["email"] = email });

        read.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        asked.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await system.AllMailsAsync(email)).ShouldBeEmpty();
        (await browser.ReadAsync("/identity/sign-in")).ShouldNotContain(Path);
    }

    [Fact]
    public async Task Who_never_confirmed_is_forgotten_after_a_week_unless_something_hangs_on_the_account()
    {
        var (tenant, _) = await system.App.TenantAsync();
        var old = DateTimeOffset.UtcNow - Registration.Waits - TimeSpan.FromMinutes(1);
        var forgotten = await MakeAsync(old);
        var member = await MakeAsync(old);
        var asking = await MakeAsync(old);
        var confirmed = await MakeAsync(old, u => u.EmailConfirmed = true);
        var withPassword = await MakeAsync(old, u => u.PasswordHash = "hash");
        var young = await MakeAsync(old.AddHours(1));
        await system.App.Database.InPlatformAsync(
            (db, ct) =>
            {
                db.Memberships.Add(new() { TenantId = tenant, Principal = member.ToString(), Role = TenantRoles.Developer, CreatedAt = old });
                return db.SaveChangesAsync(ct);
            },
            Cancel);
        await using var scope = system.App.Services.CreateAsyncScope();
        (await scope.ServiceProvider.GetRequiredService<OneTimeLinks>().MakeAsync(asking, LinkPurposes.ConfirmEmail, Cancel)).ShouldNotBeNull();

        await scope.ServiceProvider.GetRequiredService<Registration>().PruneAsync(Cancel);

        Guid[] all = [forgotten, member, asking, confirmed, withPassword, young];
        var left = await scope.ServiceProvider.GetRequiredService<IdentityDb>().Users.Where(u => all.Contains(u.Id)).Select(u => u.Id).ToListAsync(Cancel);
        left.ShouldBe(all.Except([forgotten]), ignoreOrder: true);
    }

    private async Task<Guid> MakeAsync(DateTimeOffset at, Action<PlatformUser>? change = null)
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var user = new PlatformUser { Id = Guid.CreateVersion7(at), UserName = email, Email = email };
        change?.Invoke(user);
        await system.App.WithUsersAsync(async users => (await users.CreateAsync(user)).Succeeded.ShouldBeTrue());
        return user.Id;
    }

    /// <returns>What the page says, less what is of this request only.</returns>
    private static async Task<string> AskAsync(Browser browser, string email)
    {
        using var answer = await browser.SubmitAsync(Path, new() { ["email"] = email });
        var page = await answer.ShouldHaveTextAsync(HttpStatusCode.OK);
        return page[page.IndexOf("<h1>", StringComparison.Ordinal)..page.IndexOf("<form", StringComparison.Ordinal)];
    }

    private Task<int> ModeAsync(string mode) => system.App.Database.InPlatformAsync(
        (db, ct) => db.PlatformSettings.ExecuteUpdateAsync(s => s.SetProperty(r => r.SignUpMode, mode), ct), Cancel);
}
