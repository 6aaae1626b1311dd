using System.Net;
using Platform.Portal.Tests.Fakes;

namespace Platform.Portal.Tests;

public sealed class UsageExportTests : IAsyncLifetime
{
    private const string Address = "/t/acme/usage/export?from=2026-11-01T00:00:00Z&to=2026-11-08T00:00:00Z";

    private readonly CookieContainer _cookies = new();
    private PortalHost _host = null!;
    private HttpClient _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PortalHost.StartAsync();
        _browser = _host.NewBrowser(_cookies);
        await _browser.GetStringAsync("/sign-in", Stop);
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task An_export_is_controls_with_the_users_token()
    {
        _host.Control.Export = string.Join('\n', Enumerable.Range(0, 200_000).Select(i => $"{i},llama,12,34"));
        using var answer = await _browser.GetAsync(Address, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        answer.Content.Headers.ContentDisposition!.FileName!.Trim('"').ShouldBe("usage-acme-20261101-20261108.csv");
        (await answer.Content.ReadAsStringAsync(Stop)).ShouldBe(_host.Control.Export);
        var (path, token) = _host.Control.Asked.Single(a => a.Path.Contains("/export"));
        path.ShouldBe($"/api/v1/tenants/{FakeControl.Acme.Id}/usage/export?format=csv&from=2026-11-01T00:00:00Z&to=2026-11-08T00:00:00Z");
        (await _host.Authority.AcceptsAsync(token)).ShouldBeTrue();
    }

    [Fact]
    public async Task Nobody_gets_an_export_without_signing_in()
    {
        using var stranger = _host.NewBrowser(followRedirects: false);
        using var answer = await stranger.GetAsync(Address, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.AbsolutePath.ShouldBe("/sign-in");
        _host.Control.Asked.ShouldNotContain(a => a.Path.Contains("/export"));
    }

    [Fact]
    public async Task Another_tenants_export_is_not_found()
    {
        using var answer = await _browser.GetAsync(Address.Replace("acme", "other"), Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync(Stop)).ShouldContain("There is no such tenant");
    }

    [Fact]
    public async Task Control_being_down_is_said()
    {
        _host.Control.Down = true;
        using var answer = await _browser.GetAsync(Address, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await answer.Content.ReadAsStringAsync(Stop)).ShouldContain("The control plane cannot be reached.");
    }

    [Fact]
    public async Task An_export_that_breaks_off_does_not_look_whole()
    {
        _host.Control.BreakExportAfter = 100_000;
        _host.Control.Export = new('x', 1_000_000);
        await Should.ThrowAsync<HttpRequestException>(async () =>
        {
            using var answer = await _browser.GetAsync(Address, Stop);
            await answer.Content.ReadAsStringAsync(Stop);
        });
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
