using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Portal.Session;

/// <summary>The authority's token endpoint, for refreshing (RFC 6749, section 6) and for entering a tenant (RFC 8693).</summary>
internal sealed class TokenEndpoint(IOptionsMonitor<OpenIdConnectOptions> options, TimeProvider time, ILogger<TokenEndpoint> logger)
{
    private const string EntryReason = "Opened in the portal";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>New tokens, or why there are none. Throws nothing.</summary>
    public async Task<TokenAnswer> RefreshAsync(SessionTokens old)
    {
        if (old.RefreshToken is null)
            return new(TokenState.Ended);
        var (answer, refused) = await TryAskAsync(new("grant_type", "refresh_token"), new("refresh_token", old.RefreshToken));
        if (refused is { } status)
            Log.RefreshRefused(logger, status);
        if (answer.Tokens is null)
            return answer;
        Log.Refreshed(logger);
        return answer with { Tokens = answer.Tokens with { RefreshToken = answer.Tokens.RefreshToken ?? old.RefreshToken } };
    }

    /// <summary>A token that reads inside the tenant, or why there is none. Throws nothing.</summary>
    public async Task<TokenAnswer> ExchangeAsync(SessionTokens own, TenantId tenant)
    {
        await Task.Yield();
        var (answer, refused) = await TryAskAsync(
            new("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            new("subject_token", own.AccessToken),
            new("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
            new("resource", $"urn:platform:tenant:{tenant}"),
            new("scope", ApiScopes.All),
            new("reason", EntryReason));
        if (refused is not { } status)
            return answer;
        Log.ExchangeRefused(logger, status);
        return new(TokenState.Refused);
    }

    private async Task<(TokenAnswer Answer, int? Refused)> TryAskAsync(params KeyValuePair<string, string>[] grant)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        try
        {
            return await AskAsync(grant, deadline.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or InvalidOperationException or IOException or JsonException)
        {
            Log.AuthorityUnreachable(logger, e);
            return (new(TokenState.AuthorityUnreachable), null);
        }
    }

    private async Task<(TokenAnswer Answer, int? Refused)> AskAsync(KeyValuePair<string, string>[] grant, CancellationToken cancel)
    {
        var oidc = options.Get(OpenIdConnectDefaults.AuthenticationScheme);
        var authority = await oidc.ConfigurationManager!.GetConfigurationAsync(cancel);
        using var form = new FormUrlEncodedContent([.. grant, new("client_id", oidc.ClientId!), new("client_secret", oidc.ClientSecret!)]);
        using var response = await oidc.Backchannel.PostAsync(authority.TokenEndpoint, form, cancel);
        if (response.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError
            and not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests))
            return (new(TokenState.Ended), (int)response.StatusCode);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<Answer>(cancel);
        if (answer is not { AccessToken: { Length: > 0 } access, ExpiresIn: > 0 })
            throw new JsonException("The token answer lacks access_token or expires_in.");
        return (new(TokenState.Good, new(access, answer.RefreshToken, time.GetUtcNow().AddSeconds(answer.ExpiresIn))), null);
    }

    private sealed record Answer(
        [property: JsonPropertyName("access_token")] string? AccessToken,
        [property: JsonPropertyName("refresh_token")] string? RefreshToken,
        [property: JsonPropertyName("expires_in")] long ExpiresIn);
}
