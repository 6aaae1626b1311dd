using System.Net;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Portal.Session;
using Platform.Portal.Tests.Fakes;

namespace Platform.Portal.Tests;

public sealed class RefreshTests : IAsyncLifetime
{
    private readonly CookieContainer _cookies = new();
    private PortalHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PortalHost.StartAsync();
        // Inside the margin before the end, so that each use refreshes.
        _host.Authority.AccessTokenLifetime = TimeSpan.FromSeconds(30);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Concurrent_requests_refresh_once_and_all_go_on()
    {
        using var browser = _host.NewBrowser(_cookies, followRedirects: false);
        await SignInAsync();
        _host.Authority.AccessTokenLifetime = TimeSpan.FromHours(1);
        _host.Authority.RefreshDelay = TimeSpan.FromMilliseconds(300);
        var before = _host.Authority.Refreshes;
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => browser.GetAsync("/session", Stop)));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.NoContent);
        (_host.Authority.Refreshes - before).ShouldBe(1);
    }

    [Fact]
    public async Task A_refresh_in_a_circuit_reaches_the_cookie_and_survives_a_restart_of_the_portal()
    {
        await SignInAsync();
        _host.Authority.AccessTokenLifetime = TimeSpan.FromHours(1);
        var session = SessionId();
        var refresh = _host.Services.GetRequiredService<SessionRefresh>();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => refresh.GetAsync(session, Stop)));
        answers.ShouldAllBe(a => a.State == TokenState.Good);
        answers.Select(a => a.Tokens).Distinct().Count().ShouldBe(1);
        using (var browser = _host.NewBrowser(_cookies))
            (await browser.GetAsync("/session", Stop)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var refreshes = _host.Authority.Refreshes;
        _cookies.GetCookies(_host.Url)["portal-session"].ShouldNotBeNull();

        await _host.RestartAsync();
        using var after = _host.NewBrowser(_cookies, followRedirects: false);
        (await after.GetAsync("/t/acme", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await after.GetAsync("/t/acme/usage/export?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        _host.Authority.Refreshes.ShouldBe(refreshes, "the cookie had the newest tokens");
    }

    [Fact]
    public async Task A_refused_refresh_leads_through_the_authority_back_to_the_page()
    {
        await SignInAsync();
        _host.Authority.AccessTokenLifetime = TimeSpan.FromHours(1);
        _host.Authority.RefusesRefresh = true;
        using (var still = _host.NewBrowser(_cookies, followRedirects: false))
        {
            using var answer = await still.GetAsync("/t/acme/models?filter=x", Stop);
            answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
            answer.Headers.Location!.PathAndQuery.ShouldBe("/sign-in?returnUrl=%2Ft%2Facme%2Fmodels%3Ffilter%3Dx");
        }
        using var browser = _host.NewBrowser(_cookies);
        using var back = await browser.GetAsync("/t/acme/models?filter=x", Stop);
        back.StatusCode.ShouldBe(HttpStatusCode.OK);
        back.RequestMessage!.RequestUri!.PathAndQuery.ShouldBe("/t/acme/models?filter=x");
    }

    [Fact]
    public async Task An_authority_that_is_down_ends_no_session_while_its_token_is_good()
    {
        await SignInAsync();
        _host.Authority.Down = true;
        using var browser = _host.NewBrowser(_cookies, followRedirects: false);
        using var answer = await browser.GetAsync("/t/acme/usage/export?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_script_without_a_session_gets_401_instead_of_a_sign_in_page()
    {
        using var browser = _host.NewBrowser(followRedirects: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/session");
        request.Headers.Add("X-Requested-With", "XMLHttpRequest");
        using var answer = await browser.SendAsync(request, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task SignInAsync()
    {
        using var browser = _host.NewBrowser(_cookies);
        using var answer = await browser.GetAsync("/sign-in?returnUrl=%2Fsigned-out", Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>The session's id, which only the encrypted cookie holds.</summary>
    private string SessionId()
    {
        var options = _host.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme);
        var ticket = options.TicketDataFormat.Unprotect(_cookies.GetCookies(_host.Url)["portal-session"]!.Value);
        return ticket.ShouldNotBeNull().Principal.FindFirst(SessionCookie.SessionIdClaim).ShouldNotBeNull().Value;
    }
}
