using System.Net;
using System.Text.RegularExpressions;
using System.Web;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data.Entities;
using Platform.Control.Tests.Identity;

namespace Platform.Control.Tests.Members;

/// <summary>The two links of an invitation: the mailed one proves the address, the one that whoever invites gets does not.</summary>
public sealed partial class InvitationLinkTests(MailedControl mailed) : IClassFixture<MailedControl>
{
    private const string NewPassword = "another horse, 9 batteries";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly ControlApp _control = mailed.App;

    [Fact]
    public async Task An_operator_invites_the_first_owner_who_sets_a_password_by_the_mailed_link()
    {
        using var http = await _control.OperatorAsync();
        var slug = "t" + Guid.NewGuid().ToString("N")[..20];
        var tenant = (await http.CreateAsync<TenantAnswer>("/api/v1/operator/tenants", new { name = slug, slug })).Id;
        var email = Address();
        var invitation = await http.CreateAsync<CreatedInvitationAnswer>($"/api/v1/operator/tenants/{tenant}/invitations", new { email, role = "owner" });
        var link = await LinkAsync(email, slug);
        using var browser = new Browser(_control);

        using var weak = await browser.SubmitAsync(link, new() { ["password"] = "short" });
        using var joined = await browser.SubmitAsync(link, new() { ["password"] = ControlApp.Password });
        using var used = await browser.GetAsync(link);

        link.ShouldNotBe(invitation.AcceptUrl!.PathAndQuery);
        weak.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        joined.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await joined.Content.ReadAsStringAsync(Cancel)).ShouldContain($"Welcome to {slug}");
        used.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await _control.WithUsersAsync(async users =>
        {
            var user = (await users.FindByEmailAsync(email)).ShouldNotBeNull();
            user.EmailConfirmed.ShouldBeTrue();
            (await users.CheckPasswordAsync(user, ControlApp.Password)).ShouldBeTrue();
            (await MembersAsync(tenant)).ShouldHaveSingleItem()
                .ShouldSatisfyAllConditions(m => m.Principal.ShouldBe(user.Id.ToString()), m => m.Role.ShouldBe(TenantRoles.Owner), m => m.Email.ShouldBe(email));
        });
    }

    [Fact]
    public async Task By_the_link_of_the_answer_nobody_has_an_account_before_they_read_the_mail_to_its_address()
    {
        var (tenant, admin) = await _control.TenantAsync();
        var email = Address();
        var link = (await InviteAsync(admin, tenant, email)).AcceptUrl!.PathAndQuery;
        using var inviter = new Browser(_control);

        using var asked = await TakeAsync(inviter, link);
        var confirm = MailedControl.LinkIn(await mailed.MailAsync(email, "Confirm your e-mail address"));

        asked.StatusCode.ShouldBe(HttpStatusCode.OK);
        Text(await asked.Content.ReadAsStringAsync(Cancel)).ShouldContain("open this link again");
        var user = await _control.FindAsync(email);
        user.ShouldSatisfyAllConditions(u => u.EmailConfirmed.ShouldBeFalse(), u => u.PasswordHash.ShouldBeNull());
        (await MembersAsync(tenant)).ShouldNotContain(m => m.Principal == user.Id.ToString());
        await inviter.RefusalAsync(email, ControlApp.Password);

        using var reader = new Browser(_control);
        using var weak = await reader.SubmitAsync(confirm, new() { ["password"] = "password1234" });
        using var done = await reader.SubmitAsync(confirm, new() { ["password"] = NewPassword });
        weak.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        done.StatusCode.ShouldBe(HttpStatusCode.OK);
        var signIn = WebUtility.HtmlDecode(SignInLink().Match(await done.Content.ReadAsStringAsync(Cancel)).Groups["url"].Value);
        using var signedIn = await reader.SignInAsync(email, NewPassword, signIn);
        signedIn.Headers.Location!.ToString().ShouldBe(link);
        using var joined = await TakeAsync(reader, link);
        (await joined.Content.ReadAsStringAsync(Cancel)).ShouldContain("Welcome to");
        (await MembersAsync(tenant)).ShouldContain(m => m.Principal == user.Id.ToString());
    }

    [Fact]
    public async Task The_link_of_the_answer_tells_nobody_whether_there_is_an_account()
    {
        var (tenant, admin) = await _control.TenantAsync();
        using var person = await Person.NewAsync(_control);
        var nobody = Address();
        var known = (await InviteAsync(admin, tenant, person.Email)).AcceptUrl!.PathAndQuery;
        var unknown = (await InviteAsync(admin, tenant, nobody)).AcceptUrl!.PathAndQuery;
        using var browser = new Browser(_control);

        var (knownPage, unknownPage) = (await browser.ReadAsync(known), await browser.ReadAsync(unknown));
        using var knownAsked = await TakeAsync(browser, known);
        using var unknownAsked = await TakeAsync(browser, unknown);

        knownPage.ShouldContain("action=\"/identity/sign-in\"");
        Text(knownPage).Replace(person.Email, nobody, StringComparison.Ordinal).ShouldBe(Text(unknownPage));
        Text(await knownAsked.Content.ReadAsStringAsync(Cancel)).Replace(person.Email, nobody, StringComparison.Ordinal)
            .ShouldBe(Text(await unknownAsked.Content.ReadAsStringAsync(Cancel)));
        await mailed.MailAsync(nobody, "Confirm your e-mail address");
        (await mailed.AllMailsAsync(person.Email)).Select(m => m.Subject).ShouldAllBe(s => s!.StartsWith("You are invited"));
    }

    [Fact]
    public async Task By_the_mailed_link_an_account_that_somebody_else_made_loses_what_they_put_into_it()
    {
        var (tenant, admin) = await _control.TenantAsync();
        var email = await _control.UserAsync();
        await _control.PlantAsync(email, confirmed: false);
        await InviteAsync(admin, tenant, email);
        var link = await LinkAsync(email);
        using var browser = new Browser(_control);

        using var joined = await browser.SubmitAsync(link, new() { ["password"] = NewPassword });

        (await joined.Content.ReadAsStringAsync(Cancel)).ShouldContain("Welcome to");
        await _control.WithUsersAsync(async users =>
        {
            var user = (await users.FindByEmailAsync(email))!;
            (await users.GetPasskeysAsync(user)).ShouldBeEmpty();
            user.ShouldSatisfyAllConditions(u => u.EmailConfirmed.ShouldBeTrue(), u => u.TwoFactorEnabled.ShouldBeFalse(), u => u.TotpSecret.ShouldBeNull());
            (await users.CheckPasswordAsync(user, ControlApp.Password)).ShouldBeFalse();
            (await users.CheckPasswordAsync(user, NewPassword)).ShouldBeTrue();
            (await MembersAsync(tenant)).ShouldContain(m => m.Principal == user.Id.ToString());
        });
    }

    [Fact]
    public async Task Who_has_an_account_signs_in_and_joins_by_either_link()
    {
        var (one, admin) = await _control.TenantAsync();
        var (two, other) = await _control.TenantAsync();
        using var person = await Person.NewAsync(_control);
        var answered = (await InviteAsync(admin, one, person.Email)).AcceptUrl!.PathAndQuery;
        var name = (await other.GetAsync<TenantAnswer>($"/api/v1/tenants/{two}")).Name;
        await InviteAsync(other, two, person.Email);
        var byMail = await LinkAsync(person.Email, name);
        using var browser = new Browser(_control);

        var page = await browser.ReadAsync(byMail);
        using var forged = await browser.PostAsync("/identity/invitation", new() { ["token"] = TokenOf(byMail), ["password"] = ControlApp.Password });
        await browser.SignedInAsync(person.Email, ControlApp.Password);
        foreach (var link in new[] { answered, byMail })
        {
            using var joined = await TakeAsync(browser, link);
            (await joined.Content.ReadAsStringAsync(Cancel)).ShouldContain("Welcome to");
        }

        page.ShouldContain("action=\"/identity/sign-in\"");
        page.ShouldNotContain("name=\"password\"");
        forged.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        foreach (var tenant in new[] { one, two })
            (await MembersAsync(tenant)).ShouldContain(m => m.Principal == person.Principal);
    }

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("//evil.example", false)]
    [InlineData("/identity/invitation?token=x", true)]
    public async Task A_confirmation_leads_back_to_pages_of_this_site_only(string returnUrl, bool isTaken)
    {
        var (tenant, admin) = await _control.TenantAsync();
        var email = Address();
        using var browser = new Browser(_control);
        using var asked = await TakeAsync(browser, (await InviteAsync(admin, tenant, email)).AcceptUrl!.PathAndQuery);
        var link = MailedControl.LinkIn(await mailed.MailAsync(email, "Confirm your e-mail address"));

        using var done = await browser.SubmitAsync($"{link.Split("&returnUrl")[0]}&returnUrl={Uri.EscapeDataString(returnUrl)}", new() { ["password"] = NewPassword });

        done.StatusCode.ShouldBe(HttpStatusCode.OK);
        var text = await done.Content.ReadAsStringAsync(Cancel);
        text.Contains("href=\"/identity/sign-in?returnUrl=", StringComparison.Ordinal).ShouldBe(isTaken);
        text.ShouldNotContain("evil.example");
    }

    private static string Address() => $"{Guid.NewGuid():N}@people.example";

    private static string TokenOf(string link) => HttpUtility.ParseQueryString(link[link.IndexOf('?', StringComparison.Ordinal)..])["token"]!;

    private static Task<CreatedInvitationAnswer> InviteAsync(HttpClient http, TenantId tenant, string email) =>
        http.CreateAsync<CreatedInvitationAnswer>($"/api/v1/tenants/{tenant}/invitations", new CreateInvitationRequest { Email = email, Role = TenantRoles.Developer });

    /// <summary>Presses the button of the form that carries the link's token.</summary>
    private static Task<HttpResponseMessage> TakeAsync(Browser browser, string link) => browser.SubmitAsync(link, new() { ["token"] = TokenOf(link) });

    private static string Text(string page) => Varying().Replace(page, "");

    /// <param name="tenant">Its name; null where the address has one invitation.</param>
    private async Task<string> LinkAsync(string email, string? tenant = null)
    {
        var mail = (await mailed.AllMailsAsync(email)).Single(m => tenant is null || m.Subject == $"You are invited to {tenant}");
        return MailedControl.LinkIn(mail.TextBody ?? "");
    }

    private Task<List<MembershipRow>> MembersAsync(TenantId tenant) =>
        _control.Database.InPlatformAsync((db, ct) => db.Memberships.AsNoTracking().Where(m => m.TenantId == tenant).ToListAsync(ct), Cancel);

    [GeneratedRegex("""(value|nonce)="[^"]*"|token=[^"&]*""")]
    private static partial Regex Varying();

    [GeneratedRegex("""href="(?<url>/identity/sign-in[^"]*)""")]
    private static partial Regex SignInLink();
}
