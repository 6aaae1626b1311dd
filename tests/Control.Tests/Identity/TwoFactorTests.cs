using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Control.Data;
using Platform.Control.Identity.TwoFactor;

namespace Platform.Control.Tests.Identity;

/// <summary>Signing in with a code of an authenticator app, or a recovery code.</summary>
public sealed partial class TwoFactorTests(ControlApp control) : IClassFixture<ControlApp>
{
    private const string Page = "/identity/account/two-factor";
    private const string CodePage = "/identity/sign-in/code";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Once_it_is_on_the_password_alone_signs_nobody_in()
    {
        var (email, secret, _) = await EnabledAsync();
        using var browser = new Browser(control);

        using var first = await browser.SignInAsync(email, ControlApp.Password);
        first.Headers.Location!.ToString().ShouldStartWith(CodePage);
        using var account = await browser.GetAsync("/identity/account");
        account.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var authorize = await browser.GetAsync(browser.AuthorizeUrl);
        authorize.Headers.Location!.ToString().ShouldContain("/identity/sign-in");

        using var wrong = await CodeAsync(browser, "000000");
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var right = await CodeAsync(browser, await NextCodeAsync(email, secret));
        right.Headers.Location!.ToString().ShouldBe("/identity/signed-in");
        (await browser.ReadAsync("/identity/account")).ShouldContain("is on");
    }

    [Fact]
    public async Task A_code_is_good_once_also_for_many_at_once()
    {
        var (email, secret, _) = await EnabledAsync();
        var code = await NextCodeAsync(email, secret);
        var user = await control.FindAsync(email);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var scope = control.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<Authenticator>().TakeAsync(user, code, Cancel);
        }));
        using var browser = new Browser(control);
        using var first = await browser.SignInAsync(email, ControlApp.Password);
        using var replayed = await CodeAsync(browser, code);

        taken.Count(t => t).ShouldBe(1);
        replayed.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_recovery_code_takes_the_apps_place_once()
    {
        var (email, _, recovery) = await EnabledAsync();
        recovery.Distinct().Count().ShouldBe(RecoveryCodes.Count);
        using var browser = new Browser(control);
        using var again = new Browser(control);

        using var first = await browser.SignInAsync(email, ControlApp.Password);
        using var used = await CodeAsync(browser, recovery[3].ToLowerInvariant());
        using var second = await again.SignInAsync(email, ControlApp.Password);
        using var refused = await CodeAsync(again, recovery[3]);

        used.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.ReadAsync(Page)).ShouldContain("9 recovery codes are left");
    }

    [Fact]
    public async Task New_recovery_codes_end_the_old_ones_and_need_the_password()
    {
        var (email, secret, old) = await EnabledAsync();
        using var browser = await SignedInAsync(email, secret);

        using var wrong = await browser.SubmitAsync(Page, new() { ["password"] = "not my password" }, Page + "?handler=Codes");
        using var made = await browser.SubmitAsync(Page, new() { ["password"] = ControlApp.Password }, Page + "?handler=Codes");
        var fresh = CodesIn(await made.Content.ReadAsStringAsync(Cancel));
        using var other = new Browser(control);
        using var first = await other.SignInAsync(email, ControlApp.Password);
        using var refused = await CodeAsync(other, old[0]);
        using var taken = await CodeAsync(other, fresh[0]);

        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        fresh.Count.ShouldBe(RecoveryCodes.Count);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        taken.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Turned_off_with_the_password_it_asks_for_no_code()
    {
        var (email, secret, _) = await EnabledAsync();
        using var browser = await SignedInAsync(email, secret);

        using var off = await browser.SubmitAsync(Page, new() { ["password"] = ControlApp.Password }, Page + "?handler=Disable");
        using var other = new Browser(control);

        off.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        await other.SignedInAsync(email, ControlApp.Password);
        var user = await control.FindAsync(email);
        user.TotpSecret.ShouldBeNull();
        var actions = (await control.EventsAsync(user.Id.ToString())).ConvertAll(e => e.Action);
        actions.ShouldContain("totp.enable");
        actions.ShouldContain("totp.disable");
    }

    [Fact]
    public async Task Guessing_codes_locks_the_account_also_with_the_right_password_between_the_guesses()
    {
        var (email, secret, _) = await EnabledAsync();
        for (var i = 0; i < 4; i++)
        {
            using var browser = new Browser(control);
            using var first = await browser.SignInAsync(email, ControlApp.Password);
            first.StatusCode.ShouldBe(HttpStatusCode.Redirect);
            using var wrong = await CodeAsync(browser, "000000");
            wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        using var last = new Browser(control);
        await last.RefusalAsync(email, ControlApp.Password);
        var user = await control.FindAsync(email);
        user.LockoutEnd.ShouldNotBeNull();
        (await control.EventsAsync(user.Id.ToString())).Select(e => e.Action).ShouldContain("sign-in.locked-out");
        secret.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Many_guesses_at_once_are_as_many_as_one_after_another()
    {
        var email = await control.UserAsync();
        using var browser = new Browser(control);
        var page = await browser.ReadAsync("/identity/sign-in");

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i =>
            browser.SubmitAsync("/identity/sign-in", page, new() { ["email"] = email, ["password"] = $"a wrong password {i}" })));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Unauthorized);
        var user = await control.FindAsync(email);
        user.LockoutEnd.ShouldNotBeNull();
        var actions = (await control.EventsAsync(user.Id.ToString())).ConvertAll(e => e.Action);
        actions.ShouldBe(["sign-in.failed", "sign-in.locked-out"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_secret_is_sealed_and_a_code_page_without_a_password_leads_back()
    {
        var (email, secret, recovery) = await EnabledAsync();
        using var browser = new Browser(control);
        using var bare = await browser.GetAsync(CodePage);

        bare.Headers.Location!.ToString().ShouldStartWith("/identity/sign-in");
        await using var scope = control.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        var row = await db.Users.AsNoTracking().SingleAsync(u => u.Email == email, Cancel);
        Totp.Base32(row.TotpSecret!).ShouldNotContain(secret);
        (await db.RecoveryCodes.Where(c => c.UserId == row.Id).Select(c => c.Hash).ToListAsync(Cancel))
            .ShouldAllBe(h => h.Length == 32);
        recovery.ShouldNotBeEmpty();
    }

    private static Task<HttpResponseMessage> CodeAsync(Browser browser, string code) => browser.SubmitAsync(CodePage, new() { ["code"] = code });

    /// <summary>A fresh user who set an app up on the page.</summary>
    private async Task<(string Email, string Secret, IReadOnlyList<string> Recovery)> EnabledAsync()
    {
        var email = await control.UserAsync();
        using var browser = new Browser(control);
        await browser.SignedInAsync(email, ControlApp.Password);
        using var prepared = await browser.SubmitAsync(Page, new() { ["password"] = ControlApp.Password });
        var text = await prepared.Content.ReadAsStringAsync(Cancel);
        text.ShouldContain("<svg class=\"qr\"");
        var secret = Secret().Match(text).Groups["secret"].Value;
        secret.Length.ShouldBe(32);
        using var enabled = await browser.SubmitAsync(Page, text, new() { ["code"] = CodeOf(secret, Totp.StepAt(DateTimeOffset.UtcNow)) });
        var codes = CodesIn(await enabled.ShouldHaveTextAsync(HttpStatusCode.OK));
        codes.Count.ShouldBe(RecoveryCodes.Count);
        return (email, secret, codes);
    }

    private async Task<Browser> SignedInAsync(string email, string secret)
    {
        var browser = new Browser(control);
        using var first = await browser.SignInAsync(email, ControlApp.Password);
        using var second = await CodeAsync(browser, await NextCodeAsync(email, secret));
        second.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return browser;
    }

    /// <summary>A code that was not used: the step after the last one, which is still near enough.</summary>
    private async Task<string> NextCodeAsync(string email, string secret) =>
        CodeOf(secret, (await control.FindAsync(email)).TotpStep!.Value + 1);

    private static string CodeOf(string secret, long step) => Totp.Code(Base32(secret), step);

    private static byte[] Base32(string text)
    {
        var bits = string.Concat(text.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Where(b => b.Length == 8).Select(b => Convert.ToByte(new string(b), 2))];
    }

    private static List<string> CodesIn(string page) => [.. RecoveryCode().Matches(page).Select(m => m.Groups["code"].Value)];

    [GeneratedRegex("""<code id="secret">(?<secret>[A-Z2-7]+)</code>""")]
    private static partial Regex Secret();

    [GeneratedRegex("<li>(?<code>[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})</li>")]
    private static partial Regex RecoveryCode();
}
