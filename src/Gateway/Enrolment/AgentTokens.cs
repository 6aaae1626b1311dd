using System.Text.Json.Serialization;
using Platform.Contracts.Enrolment;

namespace Platform.Gateway.Enrolment;

/// <summary>The agent's access token, kept until shortly before it ends.</summary>
internal sealed class AgentTokens(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile Token? _token;

    /// <exception cref="HttpRequestException">The authority is away or refuses the agent.</exception>
    public async Task<string> GetAsync(HttpClient http, EnrolledAgent agent, CancellationToken token)
    {
        if (_token is { } kept && kept.GoodUntil > time.GetUtcNow())
            return kept.Value;
        await _one.WaitAsync(token);
        try
        {
            if (_token is { } other && other.GoodUntil > time.GetUtcNow())
                return other.Value;
            var fresh = await RequestAsync(http, agent, token);
            _token = fresh;
            return fresh.Value;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Forgets a token that was refused.</summary>
    public void Forget(string value)
    {
        if (_token?.Value == value)
            _token = null;
    }

    public void Dispose() => _one.Dispose();

    private async Task<Token> RequestAsync(HttpClient http, EnrolledAgent agent, CancellationToken token)
    {
        var now = time.GetUtcNow();
        using var form = new FormUrlEncodedContent(
        [
            new("grant_type", "client_credentials"),
            new("scope", AgentApi.Scope),
            new("client_id", agent.Identity.ClientId),
            new("client_assertion_type", ClientAssertion.Type),
            new("client_assertion", ClientAssertion.Create(agent, now)),
        ]);
        using var response = await http.PostAsync(agent.Identity.TokenEndpoint, form, token);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync(TokenJson.Default.TokenAnswer, token)
            ?? throw new HttpRequestException("The authority answered without a token.");
        return new(answer.AccessToken, now + TimeSpan.FromSeconds(answer.ExpiresIn) - Margin);
    }

    private sealed record Token(string Value, DateTimeOffset GoodUntil);
}

/// <summary>RFC 6749, 5.1.</summary>
internal sealed record TokenAnswer(
    [property: JsonPropertyName("access_token"), JsonRequired] string AccessToken,
    [property: JsonPropertyName("expires_in")] int ExpiresIn = 60);

[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class TokenJson : JsonSerializerContext;
