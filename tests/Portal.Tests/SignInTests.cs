using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Platform.Portal.Tests.Fakes;

namespace Platform.Portal.Tests;

public sealed partial class SignInTests : IAsyncLifetime
{
    private PortalHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await PortalHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_start_offers_to_sign_in()
    {
        using var browser = _host.NewBrowser();
        var page = await browser.GetStringAsync("/", Stop);
        page.ShouldContain("data-testid=\"sign-in\"");
    }

    [Fact]
    public async Task A_protected_page_goes_through_the_authority_and_comes_back()
    {
        using var browser = _host.NewBrowser();
        using var answer = await browser.GetAsync("/t/acme/keys?x=1", Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.RequestMessage!.RequestUri!.PathAndQuery.ShouldBe("/t/acme/keys?x=1");
        (await answer.Content.ReadAsStringAsync(Stop)).ShouldContain("_framework/blazor.web");
    }

    [Fact]
    public async Task The_authority_gets_a_code_challenge_and_the_scopes()
    {
        using var browser = _host.NewBrowser(followRedirects: false);
        using var answer = await browser.GetAsync("/sign-in?returnUrl=%2Ft%2Facme", Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var asked = QueryHelpers.ParseQuery(answer.Headers.Location!.Query);
        asked["code_challenge_method"].ToString().ShouldBe("S256");
        asked["scope"].ToString().ShouldBe("openid profile email offline_access platform.api");
        asked["redirect_uri"].ToString().ShouldBe(new Uri(_host.Url, "signin-oidc").AbsoluteUri);
    }

    [Fact]
    public async Task The_session_cookie_is_kept_from_scripts_and_other_sites()
    {
        var cookies = new CookieContainer();
        using var browser = _host.NewBrowser(cookies);
        await browser.GetStringAsync("/sign-in", Stop);
        cookies.GetCookies(_host.Url)["portal-session"].ShouldNotBeNull().HttpOnly.ShouldBeTrue();
        cookies.GetCookies(_host.Url).Select(c => c.Name).ShouldBe(["portal-session", "portal-antiforgery"], ignoreOrder: true, "the cookies of the flow are gone");
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/\t/evil.example/")]
    [InlineData("javascript:alert(1)")]
    public async Task An_address_elsewhere_is_not_returned_to(string returnUrl)
    {
        using var browser = _host.NewBrowser();
        using var answer = await browser.GetAsync($"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}", Stop);
        answer.RequestMessage!.RequestUri!.Authority.ShouldBe(_host.Url.Authority);
        answer.RequestMessage.RequestUri.AbsolutePath.ShouldBe("/t/acme", "home leads on to the only tenant");
    }

    [Fact]
    public async Task The_start_leads_a_member_of_one_tenant_to_it_and_an_operator_to_all()
    {
        using var browser = _host.NewBrowser();
        using var member = await browser.GetAsync("/sign-in", Stop);
        member.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/t/acme");
        _host.Control.Me = _host.Control.Me with { OperatorRole = "operator", Memberships = [] };
        using var asOperator = await browser.GetAsync("/", Stop);
        asOperator.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/tenants");
    }

    [Fact]
    public async Task The_start_says_when_control_is_down_and_offers_to_try_again()
    {
        using var browser = _host.NewBrowser();
        _host.Control.Down = true;
        var page = await browser.GetStringAsync("/sign-in", Stop);
        page.ShouldContain("The control plane cannot be reached.");
        page.ShouldContain("data-testid=\"retry\"");
        _host.Control.Down = false;
        using var again = await browser.GetAsync("/", Stop);
        again.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/t/acme");
    }

    [Fact]
    public async Task An_authority_that_is_down_gives_a_page_and_works_when_it_is_back()
    {
        _host.Authority.Down = true;
        using var browser = _host.NewBrowser();
        using var failed = await browser.GetAsync("/t/acme/keys", Stop);
        failed.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/sign-in-failed");
        var page = await failed.Content.ReadAsStringAsync(Stop);
        page.ShouldContain("The sign-in service does not answer.");
        _host.Authority.Down = false;
        var retry = WebUtility.HtmlDecode(SignInLink().Match(page).Groups[1].Value);
        var back = await Eventually.Async(async () =>
        {
            using var answer = await browser.GetAsync(retry, Stop);
            return answer.RequestMessage!.RequestUri!.AbsolutePath;
        }, path => path == "/t/acme/keys");
        back.ShouldBe("/t/acme/keys");
    }

    [Fact]
    public async Task Access_refused_by_the_authority_is_said()
    {
        _host.Authority.AuthorizeError = "access_denied";
        using var browser = _host.NewBrowser();
        var page = await browser.GetStringAsync("/sign-in", Stop);
        page.ShouldContain("data-code=\"denied\"");
    }

    [Fact]
    public async Task An_answer_that_nobody_asked_for_is_refused_with_a_page()
    {
        using var browser = _host.NewBrowser();
        using var answer = await browser.GetAsync("/signin-oidc?code=x&state=y", Stop);
        answer.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/sign-in-failed");
    }

    [Fact]
    public async Task Signing_out_ends_the_session_here_and_at_the_authority()
    {
        var cookies = new CookieContainer();
        using var browser = _host.NewBrowser(cookies);
        var page = await browser.GetStringAsync("/t/acme", Stop);
        var stolen = cookies.GetCookies(_host.Url)["portal-session"]!.Value;
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", AntiforgeryToken().Match(page).Groups[1].Value)]);
        using var answer = await browser.PostAsync("/sign-out", form, Stop);
        answer.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/signed-out");
        _host.Authority.EndedSessions.ShouldBe(1);
        cookies.GetCookies(_host.Url)["portal-session"].ShouldBeNull();

        using var thief = _host.NewBrowser(followRedirects: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/t/acme");
        request.Headers.Add("Cookie", $"portal-session={stolen}");
        using var refused = await thief.SendAsync(request, Stop);
        refused.StatusCode.ShouldBe(HttpStatusCode.Redirect, "a copy of the cookie is no good after signing out");
    }

    [Fact]
    public async Task Signing_out_without_the_forms_token_does_nothing()
    {
        var cookies = new CookieContainer();
        using var browser = _host.NewBrowser(cookies);
        await browser.GetStringAsync("/t/acme", Stop);
        using var form = new FormUrlEncodedContent([]);
        using var answer = await browser.PostAsync("/sign-out", form, Stop);
        cookies.GetCookies(_host.Url)["portal-session"].ShouldNotBeNull();
        _host.Authority.EndedSessions.ShouldBe(0);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [GeneratedRegex("href=\"([^\"]*)\" data-testid=\"sign-in\"")]
    private static partial Regex SignInLink();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryToken();
}
