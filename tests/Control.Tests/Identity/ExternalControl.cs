using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Web;
using Microsoft.IdentityModel.Tokens;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Control.Tests.Identity;

/// <summary>Control on a plain loopback address that lets tenants' providers be there too, and one such provider.</summary>
public sealed class ExternalControl(Servers servers) : IAsyncLifetime
{
    public ControlApp App { get; } = new(servers) { Settings = { ["Identity:AllowLoopbackProviders"] = "true" } };

    public ProviderServer Provider { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await App.InitializeAsync();
        await Provider.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Provider.DisposeAsync();
        await App.DisposeAsync();
    }

    /// <summary>A tenant whose provider has a verified domain; the provider speaks for one of its people.</summary>
    internal async Task<TenantProvider> TenantWithProviderAsync(string? defaultRole = null, params (string Group, string Role)[] mapping)
    {
        var (tenant, _) = await App.TenantAsync();
        var owner = await App.CallerAsync(tenant: tenant, role: TenantRoles.Owner);
        var domain = $"d{Guid.NewGuid():N}.example";
        var made = await owner.CreateAsync<IdentityProviderAnswer>($"/api/v1/tenants/{tenant}/identity-providers", new IdentityProviderRequest
        {
            Name = "Acme's directory",
            Issuer = Provider.Url,
            ClientId = ProviderServer.ClientId,
            ClientSecret = ProviderServer.ClientSecret,
            Domain = domain,
            RoleMapping = mapping.ToDictionary(m => m.Group, m => m.Role),
            DefaultRole = defaultRole,
            Enabled = true,
        });
        await ConfirmAsync(tenant, made.Id);
        (Provider.Fault, Provider.Subject, Provider.Email, Provider.Groups) = (ProviderFault.None, Guid.NewGuid().ToString("N"), $"ann@{domain}", []);
        return new(tenant, owner, made, domain);
    }

    internal async Task<HttpResponseMessage> ConfirmAsync(TenantId tenant, Guid id)
    {
        using var http = await App.OperatorAsync();
        return await http.ConfirmDomainAsync(tenant, id, version: 1);
    }

    internal ExternalBrowser NewBrowser() => new(App);
}

internal static class DomainConfirmation
{
    /// <summary>By an operator, who names the version that was looked at; null names none.</summary>
    public static async Task<HttpResponseMessage> ConfirmDomainAsync(this HttpClient http, TenantId tenant, Guid id, long? version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/operator/tenants/{tenant}/identity-providers/{id}/confirm-domain");
        if (version is { } seen)
            request.Headers.Add("If-Match", $"\"v{seen}\"");
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}

internal sealed record TenantProvider(TenantId Tenant, HttpClient Owner, IdentityProviderAnswer Row, string Domain);

/// <summary>What a browser does on the way to a provider and back: cookies, the form, one step after the other.</summary>
internal sealed partial class ExternalBrowser(ControlApp control) : IDisposable
{
    private static readonly string RedirectUri = new Uri(ControlApp.PortalUrl, "/signin-oidc").ToString();

    private readonly HttpClient _http = new(new HttpClientHandler { CookieContainer = new(), AllowAutoRedirect = false }) { BaseAddress = control.Url };
    private readonly string _verifier = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));

    public Task<HttpResponseMessage> GetAsync(string address) => _http.GetAsync(new Uri(control.Url, address), TestContext.Current.CancellationToken);

    /// <summary>Where the sign-in page leads for an address alone.</summary>
    public async Task<HttpResponseMessage> TypeAddressAsync(string email)
    {
        using var page = await GetAsync("/identity/sign-in?returnUrl=" + Uri.EscapeDataString("/identity/signed-in?x=1"));
        var fields = HiddenField().Matches(await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .DistinctBy(m => m.Groups["name"].Value).ToDictionary(m => m.Groups["name"].Value, m => WebUtility.HtmlDecode(m.Groups["value"].Value));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(fields) { ["email"] = email, ["password"] = "" });
        return await _http.PostAsync("/identity/sign-in", form, TestContext.Current.CancellationToken);
    }

    /// <summary>To the provider and back, up to the answer of our callback.</summary>
    public async Task<HttpResponseMessage> SignInAsync(Guid provider)
    {
        using var back = await GetAsync((await BeginAsync(provider)).ShouldNotBeNull());
        back.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return await GetAsync(back.Headers.Location!.ToString());
    }

    /// <summary>The provider's address that the first page leads to.</summary>
    public async Task<string?> BeginAsync(Guid provider)
    {
        using var start = await StartAsync(provider, "same-origin");
        return start.Headers.TryGetValues("Refresh", out var refresh) ? refresh.Single()["0;url=".Length..] : null;
    }

    /// <param name="site">What the browser says of where the navigation began (Fetch Metadata); null for nothing.</param>
    public Task<HttpResponseMessage> StartAsync(Guid provider, string? site)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/identity/external/{provider}?returnUrl=%2Fidentity%2Fsigned-in%3Fx%3D1");
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        return _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> PostAsync(string address, Dictionary<string, string> form) =>
        _http.PostAsync(new Uri(control.Url, address), new FormUrlEncodedContent(form), TestContext.Current.CancellationToken);

    /// <summary>A token for the API in the name of whoever is signed in.</summary>
    public async Task<string> AccessTokenAsync()
    {
        var challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(_verifier)));
        using var answer = await GetAsync("/connect/authorize?client_id=portal&response_type=code&state=s&nonce=n&code_challenge_method=S256"
            + $"&scope={Uri.EscapeDataString("openid email platform.api")}&redirect_uri={Uri.EscapeDataString(RedirectUri)}&code_challenge={challenge}");
        answer.Headers.Location.ShouldNotBeNull().ToString().ShouldStartWith(RedirectUri);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = "portal",
            ["client_secret"] = ControlApp.PortalSecret,
            ["code"] = HttpUtility.ParseQueryString(answer.Headers.Location!.Query)["code"]!,
            ["code_verifier"] = _verifier,
            ["redirect_uri"] = RedirectUri,
        });
        using var tokens = await _http.PostAsync("/connect/token", form, TestContext.Current.CancellationToken);
        return (await tokens.ShouldBeAsync<ControlApp.TokenAnswer>(HttpStatusCode.OK)).AccessToken;
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("""<input[^>]*(?:type="hidden"[^>]*)?name="(?<name>returnUrl|__RequestVerificationToken)"[^>]*value="(?<value>[^"]*)""")]
    private static partial Regex HiddenField();
}
