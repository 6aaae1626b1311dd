using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Web;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Platform.Contracts.Api;
using Platform.Control.Bootstrap;
using Platform.Control.Data;

namespace Platform.Control.Tests.Identity;

/// <summary>A person signs in on the real page, as a browser would, and the portal's client gets its tokens.</summary>
public sealed partial class SignInTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Code_with_PKCE_through_the_sign_in_page_gives_tokens_for_the_api()
    {
        var email = await UserAsync();
        using var browser = new Browser(control);

        var code = await browser.SignInForCodeAsync(email, ControlApp.Password);
        using var answer = await RedeemAsync(code, browser.Verifier);

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
        var email = await UserAsync();
        using var browser = new Browser(control);
        var code = await browser.SignInForCodeAsync(email, ControlApp.Password);

        using var wrong = await RedeemAsync(code, Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32)));
        (await wrong.Content.ReadAsStringAsync(Cancel)).ShouldContain("invalid_grant");

        var second = await browser.CodeAsync();
        using var first = await RedeemAsync(second, browser.Verifier);
        using var again = await RedeemAsync(second, browser.Verifier);
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
        var email = await UserAsync();
        using var browser = new Browser(control);
        using var redeemed = await RedeemAsync(await browser.SignInForCodeAsync(email, ControlApp.Password), browser.Verifier);
        var first = await redeemed.ShouldBeAsync<ControlApp.TokenAnswer>(HttpStatusCode.OK);

        using var refreshed = await RefreshAsync(first.RefreshToken!);
        var second = await refreshed.ShouldBeAsync<ControlApp.TokenAnswer>(HttpStatusCode.OK);
        second.RefreshToken.ShouldNotBe(first.RefreshToken);

        await WithUsersAsync(async users => await users.UpdateSecurityStampAsync((await users.FindByEmailAsync(email))!));
        using var ended = await RefreshAsync(second.RefreshToken!);
        (await ended.Content.ReadAsStringAsync(Cancel)).ShouldContain("invalid_grant");
    }

    [Fact]
    public async Task Tokens_and_sessions_outlive_a_restart()
    {
        var email = await UserAsync();
        using var browser = new Browser(control);
        using var redeemed = await RedeemAsync(await browser.SignInForCodeAsync(email, ControlApp.Password), browser.Verifier);
        var tokens = await redeemed.ShouldBeAsync<ControlApp.TokenAnswer>(HttpStatusCode.OK);

        await control.RestartAsync();

        using var refreshed = await RefreshAsync(tokens.RefreshToken!);
        refreshed.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var returning = new Browser(control, browser.Cookies);
        (await returning.CodeAsync()).ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Too_many_tries_lock_the_account_and_every_refusal_reads_the_same()
    {
        var email = await UserAsync();
        using var browser = new Browser(control);
        var nobody = await browser.RefusalAsync("nobody@example.com", "wrong");
        var wrong = await browser.RefusalAsync(email, "wrong");
        for (var i = 1; i < 8; i++)
            await browser.RefusalAsync(email, "wrong");

        var locked = await browser.RefusalAsync(email, ControlApp.Password);

        wrong.ShouldBe(nobody);
        locked.ShouldBe(nobody);
        await WithUsersAsync(async users => (await users.IsLockedOutAsync((await users.FindByEmailAsync(email))!)).ShouldBeTrue());
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    public async Task A_sign_in_never_leads_to_another_site(string returnUrl)
    {
        var email = await UserAsync();
        using var browser = new Browser(control);

        using var answer = await browser.SubmitAsync($"/identity/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}", email, ControlApp.Password);

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
        var email = await UserAsync();
        using var browser = new Browser(control);
        using var redeemed = await RedeemAsync(await browser.SignInForCodeAsync(email, ControlApp.Password), browser.Verifier);
        var tokens = await redeemed.ShouldBeAsync<ControlApp.TokenAnswer>(HttpStatusCode.OK);
        var back = Uri.EscapeDataString(new Uri(ControlApp.PortalUrl, "/signout-callback-oidc").ToString());

        using var answer = await browser.GetAsync($"/connect/end-session?id_token_hint={tokens.IdToken}&post_logout_redirect_uri={back}");
        using var again = await browser.GetAsync(browser.AuthorizeUrl);

        answer.Headers.Location!.ToString().ShouldStartWith(ControlApp.PortalUrl.ToString());
        again.Headers.Location!.ToString().ShouldContain("/identity/sign-in");
    }

    private async Task<string> UserAsync()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        await using var scope = control.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<BootstrapUsers>().EnsureAsync(email, ControlApp.Password);
        return email;
    }

    private async Task WithUsersAsync(Func<UserManager<PlatformUser>, Task> work)
    {
        await using var scope = control.Services.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<UserManager<PlatformUser>>());
    }

    private Task<HttpResponseMessage> RedeemAsync(string code, string verifier) => TokenAsync(new()
    {
        ["grant_type"] = "authorization_code",
        ["code"] = code,
        ["code_verifier"] = verifier,
        ["redirect_uri"] = Browser.RedirectUri,
    });

    private Task<HttpResponseMessage> RefreshAsync(string token) => TokenAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = token });

    private async Task<HttpResponseMessage> TokenAsync(Dictionary<string, string> parameters)
    {
        using var http = control.Anonymous();
        parameters["client_id"] = "portal";
        parameters["client_secret"] = ControlApp.PortalSecret;
        using var form = new FormUrlEncodedContent(parameters);
        return await http.PostAsync("/connect/token", form, Cancel);
    }

    /// <summary>What a browser does: cookies, forms, and redirects one by one.</summary>
    private sealed partial class Browser : IDisposable
    {
        public static readonly string RedirectUri = new Uri(ControlApp.PortalUrl, "/signin-oidc").ToString();

        private readonly HttpClient _http;

        public Browser(ControlApp control, CookieContainer? cookies = null)
        {
            Cookies = cookies ?? new();
            _http = new(new HttpClientHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = control.Url };
            var challenge = Base64UrlEncoder.Encode(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(Verifier)));
            AuthorizeUrl = "/connect/authorize?client_id=portal&response_type=code&state=s&nonce=n&code_challenge_method=S256"
                + $"&scope={Uri.EscapeDataString("openid profile email offline_access platform.api")}"
                + $"&redirect_uri={Uri.EscapeDataString(RedirectUri)}&code_challenge={challenge}";
        }

        public CookieContainer Cookies { get; }

        public string Verifier { get; } = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));

        public string AuthorizeUrl { get; }

        public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(path, Cancel);

        public Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> form) =>
            _http.PostAsync(path, new FormUrlEncodedContent(form), Cancel);

        public async Task<string> SignInForCodeAsync(string email, string password)
        {
            using var challenge = await GetAsync(AuthorizeUrl);
            challenge.StatusCode.ShouldBe(HttpStatusCode.Redirect);
            using var page = await GetAsync(challenge.Headers.Location!.ToString());
            page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain($"form-action 'self' {ControlApp.PortalUrl.GetLeftPart(UriPartial.Authority)};");
            using var signedIn = await SubmitAsync(challenge.Headers.Location!.ToString(), email, password);
            signedIn.StatusCode.ShouldBe(HttpStatusCode.Redirect);
            return await CodeAsync(signedIn.Headers.Location!.ToString());
        }

        /// <summary>A code for the session that the cookies hold.</summary>
        public async Task<string> CodeAsync(string? url = null)
        {
            using var answer = await GetAsync(url ?? AuthorizeUrl);
            answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
            var location = answer.Headers.Location!;
            location.ToString().ShouldStartWith(RedirectUri);
            return HttpUtility.ParseQueryString(location.Query)["code"].ShouldNotBeNull();
        }

        public async Task<HttpResponseMessage> SubmitAsync(string path, string email, string password)
        {
            using var page = await GetAsync(path);
            page.StatusCode.ShouldBe(HttpStatusCode.OK);
            var fields = HiddenField().Matches(await page.Content.ReadAsStringAsync(Cancel))
                .ToDictionary(m => m.Groups["name"].Value, m => WebUtility.HtmlDecode(m.Groups["value"].Value));
            return await PostAsync("/identity/sign-in", new(fields) { ["email"] = email, ["password"] = password });
        }

        /// <summary>What a refused person reads.</summary>
        public async Task<string> RefusalAsync(string email, string password)
        {
            using var answer = await SubmitAsync("/identity/sign-in", email, password);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            var text = Fault().Match(await answer.Content.ReadAsStringAsync(Cancel)).Groups["text"].Value;
            text.ShouldNotBeEmpty();
            return text;
        }

        public void Dispose() => _http.Dispose();

        [GeneratedRegex("""<input[^>]*(?:type="hidden"[^>]*)?name="(?<name>returnUrl|__RequestVerificationToken)"[^>]*value="(?<value>[^"]*)""")]
        private static partial Regex HiddenField();

        [GeneratedRegex("""role="alert">(?<text>[^<]+)<""")]
        private static partial Regex Fault();
    }
}
