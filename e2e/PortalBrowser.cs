using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Playwright;

namespace Platform.E2E;

/// <summary>The demo tenant's admin at the portal, in Debian's Chromium.</summary>
internal sealed class PortalBrowser : IAsyncDisposable
{
    private const float PageTimeoutMs = 30_000;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly IPage _page;
    private readonly WholeSystem _system;

    private PortalBrowser(WholeSystem system, IPlaywright playwright, IBrowser browser, IPage page) =>
        (_system, _playwright, _browser, _page) = (system, playwright, browser, page);

    public static async Task<PortalBrowser> SignInAsync(WholeSystem system)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 } });
        page.SetDefaultTimeout(PageTimeoutMs);
        var result = new PortalBrowser(system, playwright, browser, page);
        try
        {
            await result.SignInAsync();
            return result;
        }
        catch (Exception)
        {
            await result.PictureAsync("sign-in");
            await result.DisposeAsync();
            throw;
        }
    }

    /// <returns>The key's text, as the page shows it this once.</returns>
    public async Task<string> CreateKeyAsync(string name)
    {
        await _page.GetByTestId("nav-keys").ClickAsync();
        await _page.GetByTestId("create-key").ClickAsync();
        await _page.GetByTestId("key-name").FillAsync(name);
        await _page.GetByTestId("key-submit").ClickAsync();
        var key = (await _page.GetByTestId("new-key-value").TextContentAsync() ?? "").Trim();
        key.ShouldStartWith("sk-");
        await _page.GetByTestId("new-key-done").ClickAsync();
        await Row(key).WaitForAsync();
        return key;
    }

    public static async Task WaitUntilServedAsync(Uri gateway, string key)
    {
        using var chat = new Chat(gateway, key);
        await Eventually.GetAsync(chat.ModelsAsync, s => s == HttpStatusCode.OK, TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(20));
    }

    /// <summary>The overview comes to show at least so many requests of today.</summary>
    public async Task SeesUsageAsync(int requests)
    {
        await _page.GotoAsync(_system.Demo.PortalUrl.ToString());
        var shown = _page.GetByTestId("usage-requests");
        await Eventually.GetAsync(
            async () => int.Parse((await shown.TextContentAsync())!.Replace(",", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture),
            count => count >= requests,
            TimeSpan.FromSeconds(30));
        await PictureAsync("overview");
    }

    /// <summary>Clicks, and asks every agent until it refuses the key.</summary>
    /// <returns>The time from the click to the first 401, by agent.</returns>
    public async Task<IReadOnlyList<(Uri Gateway, TimeSpan Took)>> RevokeAsync(string key, IReadOnlyList<Uri> gateways)
    {
        await _page.GetByTestId("nav-keys").ClickAsync();
        await Row(key).GetByTestId("key-revoke").ClickAsync();
        var confirm = _page.GetByTestId("confirm-revoke");
        await confirm.WaitForAsync();
        var click = Stopwatch.StartNew();
        var refused = gateways.Select(async gateway =>
        {
            using var chat = new Chat(gateway, key);
            await Eventually.GetAsync(
                chat.ModelsAsync, s => s == HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(10));
            return (gateway, click.Elapsed);
        }).ToList();
        await confirm.ClickAsync();
        var took = await Task.WhenAll(refused);
        await Assertions.Expect(Row(key).GetByTestId("key-status")).ToContainTextAsync("evoked");
        await PictureAsync("keys");
        foreach (var (gateway, time) in took)
            TestContext.Current.TestOutputHelper?.WriteLine($"{gateway} refused the key {time.TotalMilliseconds:0} ms after the click");
        return took;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private async Task SignInAsync()
    {
        await _page.GotoAsync(_system.Demo.PortalUrl.ToString());
        if (await _page.GetByTestId("sign-in").CountAsync() > 0)
            await _page.GetByTestId("sign-in").ClickAsync();
        // Another authority's people have no password here.
        if (_system.Demo.Admin.Password.Length > 0)
        {
            await _page.Locator("input[type=email]").FillAsync(_system.Demo.Admin.Email);
            await _page.Locator("input[type=password]").FillAsync(_system.Demo.Admin.Password);
            await _page.Locator("button[type=submit]").ClickAsync();
        }
        await _page.GetByTestId("nav-keys").WaitForAsync();
    }

    private ILocator Row(string key) => _page.GetByTestId($"key-row-{key[..15]}");

    private async Task PictureAsync(string name)
    {
        var folder = Path.Combine(_system.Platform.Home.Repository, "artifacts", "e2e");
        await _page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }
}
