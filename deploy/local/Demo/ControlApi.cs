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

    private ControlApi(HttpClient http) => _http = http;

    public static async Task<ControlApi> SignInAsync(Uri control, DemoClient client)
    {
        var http = new HttpClient { BaseAddress = control, Timeout = TimeSpan.FromSeconds(30) };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = client.ClientId,
            ["client_secret"] = client.ClientSecret,
            ["scope"] = "platform.api",
        });
        using var answer = await http.PostAsync("/connect/token", form);
        await EnsureAsync(answer);
        var token = await answer.Content.ReadFromJsonAsync<JsonElement>();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("access_token").GetString());
        return new(http);
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

    /// <summary>Any request, with whatever answer comes.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request);

    public void Dispose() => _http.Dispose();

    private static async Task EnsureAsync(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new LocalException(
                $"Control answered {(int)answer.StatusCode} to {answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri?.AbsolutePath}: {await answer.Content.ReadAsStringAsync()}");
        }
    }
}
