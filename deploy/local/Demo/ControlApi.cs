using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Local.Demo;

/// <summary>Control's API as an automation client uses it: client credentials (RFC 6749 section 4.4), then plain HTTP.</summary>
public sealed class ControlApi : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http;
    private readonly DemoClient _client;
    private readonly Uri _tokenEndpoint;

    private ControlApi(HttpClient http, DemoClient client, Uri tokenEndpoint) => (_http, _client, _tokenEndpoint) = (http, client, tokenEndpoint);

    /// <param name="authority">Who signs the client in; Control itself when left out.</param>
    public static async Task<ControlApi> SignInAsync(Uri control, DemoClient client, Uri? authority = null)
    {
        var http = new HttpClient { BaseAddress = control, Timeout = TimeSpan.FromSeconds(30) };
        using var discovery = await http.GetAsync(new Uri($"{(authority ?? control).OriginalString.TrimEnd('/')}/.well-known/openid-configuration"));
        await EnsureAsync(discovery);
        var tokenEndpoint = new Uri((await discovery.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token_endpoint").GetString()!);
        await AuthorizeAsync(http, client, tokenEndpoint, new() { ["grant_type"] = "client_credentials", ["scope"] = "platform.api" });
        return new(http, client, tokenEndpoint);
    }

    /// <summary>As an operator inside a tenant, with a token that is exchanged for it (RFC 8693) and good for five minutes.</summary>
    public async Task<ControlApi> EnterAsync(TenantId tenant, string reason)
    {
        var http = new HttpClient { BaseAddress = _http.BaseAddress, Timeout = _http.Timeout };
        await AuthorizeAsync(http, _client, _tokenEndpoint, new()
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:token-exchange",
            ["subject_token"] = _http.DefaultRequestHeaders.Authorization!.Parameter!,
            ["subject_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
            ["resource"] = $"urn:platform:tenant:{tenant}",
            ["scope"] = "platform.api platform.tenant.write",
            ["reason"] = reason,
        });
        return new(http, _client, _tokenEndpoint);
    }

    public static string Tenant(TenantId tenant) => $"/api/v1/tenants/{tenant}";

    public async Task<T> GetAsync<T>(string path)
    {
        using var answer = await _http.GetAsync(path);
        await EnsureAsync(answer);
        return (await answer.Content.ReadFromJsonAsync<T>(Json))!;
    }

    public async Task<string> GetTextAsync(string path)
    {
        using var answer = await _http.GetAsync(path);
        await EnsureAsync(answer);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>The first page, as long as a page may be: the demo has few things.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(string path) => (await GetAsync<Page<T>>(path + "?limit=200")).Items;

    public async Task<T> PostAsync<T>(string path, object? body)
    {
        using var answer = await _http.PostAsJsonAsync(path, body ?? new { }, Json);
        await EnsureAsync(answer);
        return (await answer.Content.ReadFromJsonAsync<T>(Json))!;
    }

    public void Dispose() => _http.Dispose();

    private static async Task AuthorizeAsync(HttpClient http, DemoClient client, Uri tokenEndpoint, Dictionary<string, string> grant)
    {
        (grant["client_id"], grant["client_secret"]) = (client.ClientId, client.ClientSecret);
        using var form = new FormUrlEncodedContent(grant);
        using var answer = await http.PostAsync(tokenEndpoint, form);
        await EnsureAsync(answer);
        var token = await answer.Content.ReadFromJsonAsync<JsonElement>();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("access_token").GetString());
    }

    private static async Task EnsureAsync(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new LocalException(
                $"Control answered {(int)answer.StatusCode} to {answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri?.AbsolutePath}: {await answer.Content.ReadAsStringAsync()}");
        }
    }
}
