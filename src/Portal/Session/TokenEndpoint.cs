using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;

namespace Platform.Portal.Session;

/// <summary>The authority's token endpoint, for refreshing (RFC 6749, section 6).</summary>
internal sealed class TokenEndpoint(IOptionsMonitor<OpenIdConnectOptions> options, TimeProvider time, ILogger<TokenEndpoint> logger)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>New tokens, or why there are none. Throws nothing.</summary>
    public async Task<TokenAnswer> RefreshAsync(SessionTokens old)
    {
        if (old.RefreshToken is null)
            return new(TokenState.Ended);
        using var deadline = new CancellationTokenSource(Deadline, time);
        try
        {
            return await AskAsync(old, deadline.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or InvalidOperationException or IOException or JsonException)
        {
            Log.AuthorityUnreachable(logger, e);
            return new(TokenState.AuthorityUnreachable);
        }
    }

    private async Task<TokenAnswer> AskAsync(SessionTokens old, CancellationToken cancel)
    {
        var oidc = options.Get(OpenIdConnectDefaults.AuthenticationScheme);
        var authority = await oidc.ConfigurationManager!.GetConfigurationAsync(cancel);
        using var form = new FormUrlEncodedContent(
        [
            new("grant_type", "refresh_token"),
            new("client_id", oidc.ClientId),
            new("client_secret", oidc.ClientSecret),
            new("refresh_token", old.RefreshToken),
        ]);
        using var response = await oidc.Backchannel.PostAsync(authority.TokenEndpoint, form, cancel);
        if (response.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError
            and not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests))
        {
            Log.RefreshRefused(logger, (int)response.StatusCode);
            return new(TokenState.Ended);
        }
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<Answer>(cancel);
        if (answer is not { AccessToken: { Length: > 0 } access, ExpiresIn: > 0 })
            throw new JsonException("The token answer lacks access_token or expires_in.");
        Log.Refreshed(logger);
        return new(TokenState.Good, new(access, answer.RefreshToken ?? old.RefreshToken, time.GetUtcNow().AddSeconds(answer.ExpiresIn)));
    }

    private sealed record Answer(
        [property: JsonPropertyName("access_token")] string? AccessToken,
        [property: JsonPropertyName("refresh_token")] string? RefreshToken,
        [property: JsonPropertyName("expires_in")] long ExpiresIn);
}
