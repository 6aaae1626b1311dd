using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Platform.Contracts.Api;

namespace Platform.Control.Tests.Identity;

/// <summary>A person signs in on the real page, as a browser would, and the portal's client gets its tokens.</summary>
public sealed class SignInTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Code_with_PKCE_through_the_sign_in_page_gives_tokens_for_the_api()
    {
        var email = await control.UserAsync();
        using var browser = new Browser(control);

        var code = await browser.SignInForCodeAsync(email, ControlApp.Password);
        using var answer = await control.RedeemAsync(code, browser.Verifier);

        var tokens = await answer.ShouldBeAsync<ControlApp.TokenAnswer>(HttpStatusCode.OK);
        new JsonWebToken(tokens.AccessToken).Typ.ShouldBe("at+jwt");
        tokens.IdToken.ShouldNotBeNull();
        using var api = control.Anonymous();
        api.DefaultRequestHeaders.Authorization = new("Bearer", tokens.AccessToken);
        (await api.GetAsync<MeAnswer>("/api/v1/me")).Email.ShouldBe(email);
        var info = await api.GetStringAsync("/connect/userinfo", Cancel);
        info.ShouldContain(email);
    }

    [Fact]
    public async Task A_wrong_verifier_and_a_code_used_twice_are_refused()
    {
        var email = await control.UserAsync();
        using var browser = new Browser(control);
        var code = await browser.SignInForCodeAsync(email, ControlApp.Password);

        using var wrong = await control.RedeemAsync(code, Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32)));
        (await wrong.Content.ReadAsStringAsync(Cancel)).ShouldContain("invalid_grant");

        var second = await browser.CodeAsync();
        using var first = await control.RedeemAsync(second, browser.Verifier);
        using var again = await control.RedeemAsync(second, browser.Verifier);
        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await again.Content.ReadAsStringAsync(Cancel)).ShouldContain("invalid_grant");
    }

    [Fact]
    public async Task A_request_without_a_challenge_or_with_a_foreign_address_goes_nowhere()
    {
        using var browser = new Browser(control);

        using var bare = await browser.GetAsync(browser.AuthorizeUrl.Replace("code_challenge", "no_challenge", StringComparison.Ordinal));
        using var foreign = await browser.GetAsync(browser.AuthorizeUrl.Replace("signin-oidc", "evil", StringComparison.Ordinal));

        bare.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await bare.Content.ReadAsStringAsync(Cancel)).ShouldContain("code_challenge");
        foreign.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_refresh_token_gives_new_tokens_until_the_password_changes()
    {
        var email = await control.UserAsync();
        using var browser = new Browser(control);
        using var redeemed = await control.RedeemAsync(await browser.SignInForCodeAsync(email, ControlApp.Password), browser.Verifier);
        var first = await redeemed.ShouldBeAsync<ControlApp.TokenAnswer>(HttpStatusCode.OK);

        using var refreshed = await control.RefreshAsync(first.RefreshToken!);
        var second = await refreshed.ShouldBeAsync<ControlApp.TokenAnswer>(HttpStatusCode.OK);
        second.RefreshToken.ShouldNotBe(first.RefreshToken);

        await control.WithUsersAsync(async users => await users.UpdateSecurityStampAsync((await users.FindByEmailAsync(email))!));
        using var ended = await control.RefreshAsync(second.RefreshToken!);
        (await ended.Content.ReadAsStringAsync(Cancel)).ShouldContain("invalid_grant");
    }

    [Fact]
    public async Task Tokens_and_sessions_outlive_a_restart()
    {
        var email = await control.UserAsync();
        using var browser = new Browser(control);
        using var redeemed = await control.RedeemAsync(await browser.SignInForCodeAsync(email, ControlApp.Password), browser.Verifier);
        var tokens = await redeemed.ShouldBeAsync<ControlApp.TokenAnswer>(HttpStatusCode.OK);

        await control.RestartAsync();

        using var refreshed = await control.RefreshAsync(tokens.RefreshToken!);
        refreshed.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var returning = new Browser(control, browser.Cookies);
        (await returning.CodeAsync()).ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Too_many_tries_lock_the_account_and_every_refusal_reads_the_same_and_takes_its_time()
    {
        var email = await control.UserAsync();
        using var browser = new Browser(control);
        var clock = Stopwatch.StartNew();
        var nobody = await browser.RefusalAsync("nobody@example.com", "wrong");
        clock.Elapsed.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(300));
        var wrong = await browser.RefusalAsync(email, "wrong");
        for (var i = 1; i < 8; i++)
            await browser.RefusalAsync(email, "wrong");

        var locked = await browser.RefusalAsync(email, ControlApp.Password);

        wrong.ShouldBe(nobody);
        locked.ShouldBe(nobody);
        await control.WithUsersAsync(async users => (await users.IsLockedOutAsync((await users.FindByEmailAsync(email))!)).ShouldBeTrue());
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    public async Task A_sign_in_never_leads_to_another_site(string returnUrl)
    {
        var email = await control.UserAsync();
        using var browser = new Browser(control);

        using var answer = await browser.SignInAsync(email, ControlApp.Password, $"/identity/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe("/identity/signed-in");
    }

    [Fact]
    public async Task The_page_needs_its_form_token_and_says_what_may_run_on_it()
    {
        using var browser = new Browser(control);

        using var page = await browser.GetAsync("/identity/sign-in");
        using var forged = await browser.PostAsync("/identity/sign-in", new() { ["email"] = "a@example.com", ["password"] = "x" });

        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        forged.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_goes_back_to_the_client()
    {
        var email = await control.UserAsync();
        using var browser = new Browser(control);
        using var redeemed = await control.RedeemAsync(await browser.SignInForCodeAsync(email, ControlApp.Password), browser.Verifier);
        var tokens = await redeemed.ShouldBeAsync<ControlApp.TokenAnswer>(HttpStatusCode.OK);
        var back = Uri.EscapeDataString(new Uri(ControlApp.PortalUrl, "/signout-callback-oidc").ToString());

        using var answer = await browser.GetAsync($"/connect/end-session?id_token_hint={tokens.IdToken}&post_logout_redirect_uri={back}");
        using var again = await browser.GetAsync(browser.AuthorizeUrl);

        answer.Headers.Location!.ToString().ShouldStartWith(ControlApp.PortalUrl.ToString());
        again.Headers.Location!.ToString().ShouldContain("/identity/sign-in");
    }
}
