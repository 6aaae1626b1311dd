using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Web;
using Microsoft.IdentityModel.Tokens;

namespace Platform.Control.Tests.Identity;

/// <summary>What a browser does: cookies, forms, and redirects one by one.</summary>
internal sealed partial class Browser : IDisposable
{
    public const string UserAgent = "TestBrowser/1.0";

    public static readonly string RedirectUri = new Uri(ControlApp.PortalUrl, "/signin-oidc").ToString();

    private readonly HttpClient _http;

    public Browser(ControlApp control, CookieContainer? cookies = null)
    {
        Cookies = cookies ?? new();
        _http = new(new HttpClientHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = control.Url };
        _http.DefaultRequestHeaders.Add("User-Agent", UserAgent);
        var challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));
        AuthorizeUrl = "/connect/authorize?client_id=portal&response_type=code&state=s&nonce=n&code_challenge_method=S256"
            + $"&scope={Uri.EscapeDataString("openid profile email offline_access platform.api")}"
            + $"&redirect_uri={Uri.EscapeDataString(RedirectUri)}&code_challenge={challenge}";
    }

    public CookieContainer Cookies { get; }

    public string Verifier { get; } = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));

    public string AuthorizeUrl { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(path, Cancel);

    public Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> form) =>
        _http.PostAsync(path, new FormUrlEncodedContent(form), Cancel);

    /// <summary>The text of a page that is there.</summary>
    public async Task<string> ReadAsync(string path)
    {
        using var page = await GetAsync(path);
        page.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        return await page.Content.ReadAsStringAsync(Cancel);
    }

    /// <summary>Opens a page and sends the first form on it that has these fields, its hidden fields too.</summary>
    /// <param name="at">Where to send it, when a button says another place than the form does.</param>
    public async Task<HttpResponseMessage> SubmitAsync(string path, Dictionary<string, string> fields, string? at = null) =>
        await SubmitAsync(path, await ReadAsync(path), fields, at);

    /// <summary>Sends a form of a page that was read already.</summary>
    public Task<HttpResponseMessage> SubmitAsync(string path, string page, Dictionary<string, string> fields, string? at = null)
    {
        var form = Form().Matches(page)
            .First(f => fields.Keys.All(name => f.Groups["inner"].Value.Contains($"name=\"{name}\"", StringComparison.Ordinal))
                && (at is null || !f.Groups["action"].Success || f.Groups["action"].Value == at));
        var all = HiddenField().Matches(form.Groups["inner"].Value)
            .ToDictionary(m => m.Groups["name"].Value, m => WebUtility.HtmlDecode(m.Groups["value"].Value));
        foreach (var (name, value) in fields)
            all[name] = value;
        return PostAsync(at ?? (form.Groups["action"].Success ? WebUtility.HtmlDecode(form.Groups["action"].Value) : path), all);
    }

    public Task<HttpResponseMessage> SignInAsync(string email, string password, string path = "/identity/sign-in") =>
        SubmitAsync(path, new() { ["email"] = email, ["password"] = password });

    public async Task SignedInAsync(string email, string password)
    {
        using var answer = await SignInAsync(email, password);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe("/identity/signed-in");
    }

    public async Task<string> SignInForCodeAsync(string email, string password)
    {
        using var challenge = await GetAsync(AuthorizeUrl);
        challenge.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var path = challenge.Headers.Location!.ToString();
        using var page = await GetAsync(path);
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain($"form-action 'self' {ControlApp.PortalUrl.GetLeftPart(UriPartial.Authority)};");
        using var signedIn = await SignInAsync(email, password, path);
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

    /// <summary>What a refused person reads.</summary>
    public async Task<string> RefusalAsync(string email, string password)
    {
        using var answer = await SignInAsync(email, password);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        return await FaultAsync(answer);
    }

    public static async Task<string> FaultAsync(HttpResponseMessage answer)
    {
        var text = Fault().Match(await answer.Content.ReadAsStringAsync(Cancel)).Groups["text"].Value;
        text.ShouldNotBeEmpty();
        return WebUtility.HtmlDecode(text);
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("""<form[^>]*?(?: action="(?<action>[^"]*)")?(?: data-[^>]*)?>(?<inner>.*?)</form>""", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("""<input[^>]*name="(?<name>returnUrl|code|id|credential|token|__RequestVerificationToken)"[^>]*value="(?<value>[^"]*)""")]
    private static partial Regex HiddenField();

    [GeneratedRegex("""role="alert">(?<text>[^<]+)<""")]
    private static partial Regex Fault();
}
