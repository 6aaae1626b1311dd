using System.Net;
using System.Text.RegularExpressions;
using Platform.Portal.Tests.Fakes;

namespace Platform.Portal.Tests;

public sealed partial class BrowserDefencesTests : IAsyncLifetime
{
    private PortalHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await PortalHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("/")]
    [InlineData("/t/acme")]
    [InlineData("/no/such/page")]
    [InlineData("/portal.js")]
    [InlineData("/healthz")]
    public async Task Every_answer_has_the_security_headers(string path)
    {
        using var browser = _host.NewBrowser();
        using var answer = await browser.GetAsync(path, Stop);
        var policy = answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain("default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline';");
        policy.ShouldContain("connect-src 'self';");
        policy.ShouldContain("frame-ancestors 'none'");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["same-origin"]);
        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/t/acme")]
    [InlineData("/signed-out")]
    public async Task Pages_hold_no_script_of_their_own_and_nothing_from_elsewhere(string path)
    {
        using var browser = _host.NewBrowser();
        using var answer = await browser.GetAsync(path, Stop);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var page = await answer.Content.ReadAsStringAsync(Stop);
        Scripts().Matches(page).ShouldNotBeEmpty();
        Scripts().Matches(page).ShouldAllBe(m => m.Groups[1].Value.Contains("src=") && m.Groups[2].Value.Length == 0);
        page.ShouldNotContain("importmap");
        References().Matches(page).Select(m => m.Groups[1].Value).ShouldAllBe(to => !to.Contains("//"));
    }

    [Fact]
    public async Task An_unknown_address_gives_a_page_with_404()
    {
        using var browser = _host.NewBrowser();
        using var answer = await browser.GetAsync("/no/such/page", Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync(Stop)).ShouldContain("There is no page at this address.");
    }

    [Fact]
    public async Task Health_and_readiness_need_nobody_else()
    {
        _host.Control.Down = true;
        _host.Authority.Down = true;
        using var browser = _host.NewBrowser();
        (await browser.GetStringAsync("/healthz", Stop)).ShouldBe("ok\n");
        (await browser.GetAsync("/readyz", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [GeneratedRegex("<script([^>]*)>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Scripts();

    [GeneratedRegex("<(?:script|link|img)[^>]*(?:src|href)=\"([^\"]*)\"")]
    private static partial Regex References();
}
