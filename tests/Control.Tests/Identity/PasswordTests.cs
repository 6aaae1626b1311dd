using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Platform.Control.Data;
using Platform.Control.Identity.Accounts;
using Platform.Control.Identity.Mail;
using Platform.Control.Identity.Passwords;
using Platform.Control.Identity.TwoFactor;

namespace Platform.Control.Tests.Identity;

/// <summary>What passwords may be, changing them, and getting back in without one.</summary>
public sealed class PasswordTests(MailedControl mailed) : IClassFixture<MailedControl>
{
    private const string NewPassword = "another horse, 9 batteries";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly ControlApp _control = mailed.App;

    [Theory]
    [InlineData("password1234")]
    [InlineData("P@ssw0rd1234!")]
    [InlineData("qwertyuiop123")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("abcabcabcabc")]
    [InlineData("123456789012")]
    [InlineData("abcdefghijklmn")]
    [InlineData("iloveyousunshine")]
    [InlineData("Summer2024Summer2024")]
    [InlineData("CorrectHorseBatteryStaple")]
    public void What_is_guessed_first_is_common(string password) => CommonPasswords.Contains(password).ShouldBeTrue();

    [Theory]
    [InlineData(ControlApp.Password)]
    [InlineData(NewPassword)]
    [InlineData("plinth-ochre-vex-42")]
    [InlineData("xK9#vQ2mLp7w")]
    public void What_is_not_is_not(string password) => CommonPasswords.Contains(password).ShouldBeFalse();

    [Fact]
    public void The_list_is_long_enough_to_be_of_use() => CommonPasswords.Count.ShouldBeGreaterThan(500);

    [Fact]
    public async Task The_rules_are_length_and_nothing_that_is_guessed()
    {
        await using var scope = _control.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PlatformUser>>();
        var user = new PlatformUser { Email = "a.long.local.part@example.com" };

        (await ValidAsync("short pass!")).ShouldBeFalse();
        (await ValidAsync(new string('ä', 130) + " and more words " + new string('z', 120))).ShouldBeFalse();
        (await ValidAsync("A.Long.Local.Part@example.com")).ShouldBeFalse();
        (await ValidAsync("a.long.local.part")).ShouldBeFalse();
        (await ValidAsync("passwordpassword")).ShouldBeFalse();
        (await ValidAsync("nothing else at all")).ShouldBeTrue();

        async Task<bool> ValidAsync(string password)
        {
            var results = new List<IdentityResult>();
            foreach (var validator in users.PasswordValidators)
                results.Add(await validator.ValidateAsync(users, user, password));
            return results.TrueForAll(r => r.Succeeded);
        }
    }

    [Fact]
    public async Task A_changed_password_ends_the_other_sessions_and_is_told_of_by_mail()
    {
        var email = await _control.UserAsync();
        using var browser = new Browser(_control);
        using var other = new Browser(_control);
        var kept = await _control.TokensAsync(browser, email);
        var ended = await _control.TokensAsync(other, email);

        using var wrong = await ChangeAsync(browser, "not my password at all", NewPassword);
        using var common = await ChangeAsync(browser, ControlApp.Password, "password1234");
        using var right = await ChangeAsync(browser, ControlApp.Password, NewPassword);

        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Browser.FaultAsync(common)).ShouldContain("guessed first");
        right.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var refusedRefresh = await _control.RefreshAsync(ended.RefreshToken!);
        (await refusedRefresh.ErrorOfAsync()).ShouldBe("invalid_grant");
        using var keptRefresh = await _control.RefreshAsync(kept.RefreshToken!);
        keptRefresh.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.ReadAsync("/identity/account")).ShouldContain(email);
        using var fresh = new Browser(_control);
        await fresh.RefusalAsync(email, ControlApp.Password);
        await fresh.SignedInAsync(email, NewPassword);
        await mailed.MailAsync(email, "Your password was changed");
    }

    [Fact]
    public async Task A_mailed_link_resets_the_password_once_and_ends_every_session()
    {
        var email = await _control.UserAsync();
        using var before = new Browser(_control);
        var tokens = await _control.TokensAsync(before, email);
        await mailed.AskForHelpAsync(email);
        var link = MailedControl.LinkIn(await mailed.MailAsync(email, "Reset your password"));
        using var browser = new Browser(_control);

        using var weak = await browser.SubmitAsync(link, new() { ["password"] = "password1234" });
        using var set = await browser.SubmitAsync(link, new() { ["password"] = NewPassword });

        weak.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        set.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.ReadAsync(link)).ShouldContain("not good any more");
        using var refresh = await _control.RefreshAsync(tokens.RefreshToken!);
        (await refresh.ErrorOfAsync()).ShouldBe("invalid_grant");
        await browser.SignedInAsync(email, NewPassword);
        await mailed.MailAsync(email, "Your password was reset");
    }

    [Fact]
    public async Task A_reset_by_mail_removes_passkeys_says_so_and_keeps_the_second_factor()
    {
        var email = await _control.UserAsync();
        await PlantAsync(email, confirmed: true);
        await mailed.AskForHelpAsync(email);
        var link = MailedControl.LinkIn(await mailed.MailAsync(email, "Reset your password"));
        using var browser = new Browser(_control);
        var page = await browser.ReadAsync(link);

        using var set = await browser.SubmitAsync(link, new() { ["password"] = NewPassword });

        set.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.ShouldContain("removes every passkey");
        (await mailed.MailAsync(email, "Your password was reset")).ShouldContain("passkeys of the account were removed: 2.");
        await _control.WithUsersAsync(async users =>
        {
            var user = (await users.FindByEmailAsync(email))!;
            (await users.GetPasskeysAsync(user)).ShouldBeEmpty();
            user.ShouldSatisfyAllConditions(u => u.TwoFactorEnabled.ShouldBeTrue(), u => u.TotpSecret.ShouldNotBeNull());
            (await _control.EventsAsync(user.Id.ToString())).Select(e => e.Action).ShouldBe(["password.reset", "passkey.remove"], ignoreOrder: true);
        });
        (await RecoveryCodesAsync(email)).ShouldBe(10);
    }

    [Fact]
    public async Task A_reset_takes_the_second_factor_from_an_account_whose_address_nobody_had_confirmed()
    {
        var email = await _control.UserAsync();
        await mailed.AskForHelpAsync(email);
        var link = MailedControl.LinkIn(await mailed.MailAsync(email, "Reset your password"));
        await PlantAsync(email, confirmed: false);
        using var browser = new Browser(_control);

        using var set = await browser.SubmitAsync(link, new() { ["password"] = NewPassword });

        set.StatusCode.ShouldBe(HttpStatusCode.OK);
        await _control.WithUsersAsync(async users =>
        {
            var user = (await users.FindByEmailAsync(email))!;
            (await users.GetPasskeysAsync(user)).ShouldBeEmpty();
            user.ShouldSatisfyAllConditions(u => u.TwoFactorEnabled.ShouldBeFalse(), u => u.TotpSecret.ShouldBeNull());
        });
        (await RecoveryCodesAsync(email)).ShouldBe(0);
    }

    [Fact]
    public async Task Of_many_uses_of_a_link_at_once_one_wins()
    {
        var email = await _control.UserAsync();
        await mailed.AskForHelpAsync(email);
        var link = MailedControl.LinkIn(await mailed.MailAsync(email, "Reset your password"));
        var code = link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..];

        var used = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var scope = _control.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<OneTimeLinks>().UseAsync(code, LinkPurposes.ResetPassword, Cancel);
        }));

        used.Count(u => u is not null).ShouldBe(1);
    }

    [Fact]
    public async Task A_link_that_ran_out_and_one_of_another_purpose_are_refused()
    {
        var email = await _control.UserAsync();
        var user = await _control.FindAsync(email);
        await using var scope = _control.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        var clock = new LaterClock();
        var links = new OneTimeLinks(db, clock);
        var code = await links.MakeAsync(user.Id, LinkPurposes.ResetPassword, Cancel);

        (await links.LookAsync(code, LinkPurposes.ConfirmEmail, Cancel)).ShouldBeNull();
        (await links.LookAsync(code, LinkPurposes.ResetPassword, Cancel)).ShouldBe(user.Id);
        clock.Later = OneTimeLinks.ResetLifetime;
        (await links.UseAsync(code, LinkPurposes.ResetPassword, Cancel)).ShouldBeNull();
        (await links.LookAsync("nonsense", LinkPurposes.ResetPassword, Cancel)).ShouldBeNull();
        (await links.LookAsync(new string('*', 43), LinkPurposes.ResetPassword, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task Asking_for_a_reset_tells_nobody_whether_the_address_exists()
    {
        var email = await _control.UserAsync();
        var nobody = $"{Guid.NewGuid():N}@example.com";
        using var browser = new Browser(_control);

        using var known = await browser.SubmitAsync("/identity/forgot", new() { ["email"] = email });
        using var unknown = await browser.SubmitAsync("/identity/forgot", new() { ["email"] = nobody });
        using var again = await browser.SubmitAsync("/identity/forgot", new() { ["email"] = email });

        known.StatusCode.ShouldBe(unknown.StatusCode);
        Text(await known.Content.ReadAsStringAsync(Cancel)).ShouldBe(Text(await unknown.Content.ReadAsStringAsync(Cancel)));
        Text(await again.Content.ReadAsStringAsync(Cancel)).ShouldBe(Text(await unknown.Content.ReadAsStringAsync(Cancel)));
        (await mailed.AllMailsAsync(nobody)).ShouldBeEmpty();
        (await mailed.AllMailsAsync(email)).Count.ShouldBe(1);

        static string Text(string page) => page[page.IndexOf("<h1>", StringComparison.Ordinal)..page.IndexOf("__RequestVerificationToken", StringComparison.Ordinal)];
    }

    [Fact]
    public async Task Who_never_confirmed_the_address_cannot_sign_in_before_they_do()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        await _control.WithUsersAsync(async users =>
            (await users.CreateAsync(new() { Id = Guid.CreateVersion7(), UserName = email, Email = email }, ControlApp.Password)).Succeeded.ShouldBeTrue());
        using var browser = new Browser(_control);
        var refused = await browser.RefusalAsync(email, ControlApp.Password);
        refused.ShouldBe(await browser.RefusalAsync("nobody@example.com", ControlApp.Password));

        await using (var scope = _control.Services.CreateAsyncScope())
            scope.ServiceProvider.GetRequiredService<EmailConfirmation>().Ask(await _control.FindAsync(email));
        var link = MailedControl.LinkIn(await mailed.MailAsync(email, "Confirm your e-mail address"));
        await mailed.AskForHelpAsync(email);
        (await mailed.AllMailsAsync(email)).Count.ShouldBe(1);
        using var confirmed = await browser.SubmitAsync(link, []);
        using var again = await browser.SubmitAsync(link, []);

        confirmed.StatusCode.ShouldBe(HttpStatusCode.OK);
        again.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await browser.SignedInAsync(email, ControlApp.Password);
    }

    [Fact]
    public async Task A_folder_keeps_the_newest_mails_for_its_owner_only()
    {
        var folder = Path.Combine(mailed.Folder, "bounded");
        var transport = new FolderTransport(folder, TimeProvider.System);
        for (var i = 0; i < FolderTransport.Kept + 3; i++)
            await transport.SendAsync(new() { Subject = $"{i}", Body = new MimeKit.TextPart("plain") { Text = "x" } }, Cancel);

        var files = Directory.GetFiles(folder);
        files.Length.ShouldBe(FolderTransport.Kept);
        File.GetUnixFileMode(files[0]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private Task PlantAsync(string email, bool confirmed) => _control.PlantAsync(email, confirmed);

    private async Task<int> RecoveryCodesAsync(string email)
    {
        var id = (await _control.FindAsync(email)).Id;
        await using var scope = _control.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<RecoveryCodes>().LeftAsync(id, Cancel);
    }

    private static Task<HttpResponseMessage> ChangeAsync(Browser browser, string current, string password) =>
        browser.SubmitAsync("/identity/account/password", new() { ["current"] = current, ["password"] = password });

    private sealed class LaterClock : TimeProvider
    {
        public TimeSpan Later { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Later;
    }
}
