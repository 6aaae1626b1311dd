using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Tokens;
using Platform.Control.Data.Entities;

namespace Platform.Control.Identity.External;

/// <summary>
/// Authorization code flow with PKCE towards a provider that is known only at run time: ASP.NET Core's handler wants a
/// scheme for each, so the few steps are here (OpenID Connect Core, section 3.1; RFC 9700).
/// </summary>
internal sealed class CodeFlow(ProviderDirectory directory, ProviderHttp http, ProviderSecrets secrets, ControlSettings control)
{
    private const int MaxAnswer = 256 * 1024;

    /// <summary>Of its own for each provider, so that no provider's answer is taken for another's (RFC 9700, section 4.4).</summary>
    public static string RedirectUri(ControlSettings control, Guid providerId) => new Uri(control.Issuer, $"/identity/external/{providerId}/callback").AbsoluteUri;

    /// <summary>Where the browser has to go; null where the provider cannot be reached.</summary>
    public async Task<string?> BeginAsync(IdentityProviderRow provider, SignInState state, CancellationToken ct)
    {
        if (await directory.FindAsync(provider.Issuer, keyId: null, ct) is not { } metadata)
            return null;
        return QueryHelpers.AddQueryString(metadata.Authorization.AbsoluteUri, new Dictionary<string, string?>
        {
            ["client_id"] = provider.ClientId,
            ["response_type"] = "code",
            ["scope"] = "openid profile email",
            ["redirect_uri"] = RedirectUri(control, provider.Id),
            ["state"] = state.State,
            ["nonce"] = state.Nonce,
            ["code_challenge"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(state.Verifier))),
            ["code_challenge_method"] = "S256",
        });
    }

    /// <summary>The code for an id token, and whom that is about.</summary>
    public async Task<ExternalResult<ExternalIdentity>> FinishAsync(IdentityProviderRow provider, SignInState state, string code, CancellationToken ct)
    {
        if (await directory.FindAsync(provider.Issuer, keyId: null, ct) is not { } metadata
            || await RedeemAsync(provider, metadata, state, code, ct) is not { } idToken)
            return ExternalRefusals.Provider;
        if (await IdTokens.ReadAsync(idToken, provider, directory, ct) is not { } token)
            return ExternalRefusals.Token;
        return IdTokens.IdentityIn(token, provider, state.Nonce);
    }

    private async Task<string?> RedeemAsync(IdentityProviderRow provider, ProviderMetadata metadata, SignInState state, string code, CancellationToken ct)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = RedirectUri(control, provider.Id),
            ["code_verifier"] = state.Verifier,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, metadata.Token);
        var secret = secrets.Open(provider);
        if (secret is not null && metadata.TakesBasic)
        {
            var credentials = $"{Uri.EscapeDataString(provider.ClientId)}:{Uri.EscapeDataString(secret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        }
        else
        {
            form["client_id"] = provider.ClientId;
            if (secret is not null)
                form["client_secret"] = secret;
        }
        request.Content = new FormUrlEncodedContent(form);
        return IdTokenIn(await http.SendAsync(request, MaxAnswer, ct));
    }

    private static string? IdTokenIn(byte[]? answer)
    {
        if (answer is null)
            return null;
        try
        {
            using var json = JsonDocument.Parse(answer);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("id_token", out var token) && token.ValueKind == JsonValueKind.String
                ? token.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
