using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Json;

namespace Platform.Gateway.Enrolment;

/// <summary>
/// Control's agent API. Every call has a deadline. While Control is away the calls throw
/// <see cref="HttpRequestException"/>, <see cref="TimeoutException"/> or <see cref="IOException"/>; see
/// <see cref="IsOutage"/>.
/// </summary>
internal sealed class ControlClient : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly AgentTokens _tokens;
    private readonly Agent _agent;

    public ControlClient(AgentSettings settings, AgentTokens tokens, Agent agent)
    {
        _tokens = tokens;
        _agent = agent;
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            AllowAutoRedirect = false,
            UseCookies = false,
        };
        _http = new(handler) { BaseAddress = settings.ControlUrl, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>An exception that only says that Control is away, slow or refuses us.</summary>
    public static bool IsOutage(Exception exception) =>
        exception is HttpRequestException or TimeoutException or IOException or JsonException;

    /// <exception cref="HttpRequestException">With a status where Control refused.</exception>
    public async Task<EnrolAgentAnswer> EnrolAsync(EnrolAgentRequest request, CancellationToken token)
    {
        using var deadline = new CallDeadline(Deadline, token);
        return await deadline.GuardAsync(async within =>
        {
            using var response = await _http.PostAsJsonAsync(AgentApi.EnrolmentPath, request, WireJson.Default.EnrolAgentRequest, within);
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadFromJsonAsync(WireJson.Default.EnrolAgentAnswer, within)
                ?? throw new JsonException("Control's answer is empty.");
        });
    }

    public async Task<SealedForAgent> GetSecretsAsync(CancellationToken token)
    {
        using var deadline = new CallDeadline(Deadline, token);
        return await deadline.GuardAsync(async within =>
        {
            using var response = await GetAsync(AgentApi.SecretsPath, within);
            return await response.Content.ReadFromJsonAsync(WireJson.Default.SealedForAgent, within)
                ?? throw new JsonException("Control's answer is empty.");
        });
    }

    /// <summary>The answer's head, its body still to be read: NDJSON.</summary>
    /// <param name="after">Revision that the agent holds; 0 for everything.</param>
    /// <param name="epoch">Of that revision; null for everything.</param>
    public async Task<HttpResponseMessage> GetConfigAsync(long after, Guid? epoch, CancellationToken token)
    {
        var query = $"?after={after.ToString(CultureInfo.InvariantCulture)}{(epoch is { } e ? $"&epoch={e:D}" : "")}";
        using var deadline = new CallDeadline(Deadline, token);
        return await deadline.GuardAsync(within => GetAsync(AgentApi.ConfigPath + query, within));
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> GetAsync(string path, CancellationToken token)
    {
        var agent = await _agent.WhenEnrolledAsync(token);
        for (var last = false; ; last = true)
        {
            var accessToken = await _tokens.GetAsync(_http, agent, token);
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
            {
                if (response.StatusCode != HttpStatusCode.Unauthorized || last)
                    response.EnsureSuccessStatusCode();
                _tokens.Forget(accessToken);
            }
        }
    }
}
