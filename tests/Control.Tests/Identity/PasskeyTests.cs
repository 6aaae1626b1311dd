using System.Net;
using Microsoft.Playwright;
using Platform.Control.Identity.Accounts;

namespace Platform.Control.Tests.Identity;

/// <summary>Passkeys in a real Chromium with an authenticator that it simulates (WebAuthn domain of its DevTools protocol).</summary>
public sealed class PasskeyTests(ControlApp control) : IClassFixture<ControlApp>, IAsyncLifetime
{
    private const float TimeoutMs = 20_000;

    private readonly List<string> _violations = [];
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IPage _page = null!;
    private ICDPSession _devTools = null!;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        _page = await _browser.NewPageAsync();
        _page.SetDefaultTimeout(TimeoutMs);
        _page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
                _violations.Add(message.Text);
        };
        _devTools = await _page.Context.NewCDPSessionAsync(_page);
        await _devTools.SendAsync("WebAuthn.enable");
    }

    [Fact]
    public async Task A_passkey_is_added_signs_in_without_a_code_and_is_removed()
    {
        var authenticator = await AuthenticatorAsync(verifies: true);
        var email = await control.UserAsync();
        await PasswordAsync(email);
        await AddAsync("My laptop", ControlApp.Password);
        await _page.GetByText("The passkey is added.").WaitForAsync();
        (await _page.Locator("ul.things").InnerTextAsync()).ShouldContain("My laptop");

        // The session in which it was added goes on: a passkey is no new password.
        await _page.GotoAsync($"{control.Url}identity/account/sessions");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Sign out everywhere" }).ClickAsync();
        await _page.GetByText("You are signed out.").WaitForAsync();
        await PasskeyAsync();
        await _page.GetByText("You are signed in.").WaitForAsync();
        await _page.GotoAsync($"{control.Url}identity/account/sessions");
        (await _page.Locator("ul.things").InnerTextAsync()).ShouldContain("with passkey");

        await _page.GotoAsync($"{control.Url}identity/account/passkeys");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Remove My laptop" }).ClickAsync();
        await _page.GetByText("The passkey is removed.").WaitForAsync();
        await _page.GotoAsync($"{control.Url}connect/end-session");
        await PasskeyAsync();
        await _page.GetByText("That did not work. Try the passkey again").WaitForAsync();

        var user = await control.FindAsync(email);
        (await control.EventsAsync(user.Id.ToString())).ConvertAll(e => e.Action)
            .ShouldBe(["sign-in.succeeded", "passkey.add", "session.end", "sign-in.succeeded", "passkey.remove", "sign-out"]);
        _violations.ShouldBeEmpty();
        authenticator.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_passkey_stands_in_for_password_and_code()
    {
        await AuthenticatorAsync(verifies: true);
        var email = await control.UserAsync();
        await PasswordAsync(email);
        await AddAsync("Key", ControlApp.Password);
        await _page.GetByText("The passkey is added.").WaitForAsync();
        await control.WithUsersAsync(async users =>
        {
            var user = (await users.FindByEmailAsync(email))!;
            user.TwoFactorEnabled = true;
            (await users.UpdateAsync(user)).Succeeded.ShouldBeTrue();
        });
        await _page.Context.ClearCookiesAsync();

        await PasskeyAsync();

        await _page.GetByText("You are signed in.").WaitForAsync();
    }

    [Fact]
    public async Task Wrong_passwords_of_others_lock_nobody_out_of_their_passkey()
    {
        await AuthenticatorAsync(verifies: true);
        var email = await control.UserAsync();
        await PasswordAsync(email);
        await AddAsync("Key", ControlApp.Password);
        await _page.GetByText("The passkey is added.").WaitForAsync();
        await _page.Context.ClearCookiesAsync();
        using var stranger = new Browser(control);
        for (var i = 0; i < Guesses.Most; i++)
            await stranger.RefusalAsync(email, "a wrong password");

        (await control.FindAsync(email)).LockoutEnd.ShouldNotBeNull();
        await PasskeyAsync();

        await _page.GetByText("You are signed in.").WaitForAsync();
    }

    [Fact]
    public async Task A_passkey_needs_the_password_to_be_added()
    {
        await AuthenticatorAsync(verifies: true);
        await PasswordAsync(await control.UserAsync());

        await AddAsync("Key", "not my password at all");

        await _page.GetByText("The password is not right.").WaitForAsync();
        (await _page.Locator("ul.things li").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_device_that_verifies_nobody_gets_no_passkey()
    {
        await AuthenticatorAsync(verifies: false);
        await PasswordAsync(await control.UserAsync());

        await AddAsync("Key", ControlApp.Password);

        await _page.GetByText("The browser or the device did not go through with it.").WaitForAsync();
    }

    [Fact]
    public async Task A_credential_that_nobody_asked_for_is_refused()
    {
        using var browser = new Browser(control);

        using var bare = await browser.SubmitAsync("/identity/sign-in", new() { ["credential"] = "{}" });
        using var api = control.Anonymous();
        using var script = await api.GetAsync("/identity/passkeys.js", TestContext.Current.CancellationToken);

        bare.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        script.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
        script.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private async Task<string> AuthenticatorAsync(bool verifies)
    {
        var answer = await _devTools.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = verifies,
                ["isUserVerified"] = verifies,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return answer!.Value.GetProperty("authenticatorId").GetString()!;
    }

    private async Task PasswordAsync(string email)
    {
        await _page.GotoAsync($"{control.Url}identity/sign-in");
        await _page.GetByLabel("E-mail address").FillAsync(email);
        await _page.GetByLabel("Password").FillAsync(ControlApp.Password);
        await _page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await _page.GetByText("You are signed in.").WaitForAsync();
    }

    private async Task AddAsync(string name, string password)
    {
        await _page.GotoAsync($"{control.Url}identity/account/passkeys");
        await _page.GetByLabel("Name").FillAsync(name);
        await _page.GetByLabel("Your password").FillAsync(password);
        await _page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
    }

    private async Task PasskeyAsync()
    {
        await _page.GotoAsync($"{control.Url}identity/sign-in");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
    }
}
