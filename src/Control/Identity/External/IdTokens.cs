using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Platform.Control.Data.Entities;

namespace Platform.Control.Identity.External;

/// <summary>Checks an id token (OpenID Connect Core, section 3.1.3.7) and reads whom it is about.</summary>
internal static class IdTokens
{
    /// <summary>Signed with the provider's own keys: a secret that both know, or none at all, proves nothing.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    /// <summary>Null where its issuer, audience, signature or time is not right.</summary>
    public static async Task<JsonWebToken?> ReadAsync(string text, IdentityProviderRow provider, ProviderDirectory directory, CancellationToken ct)
    {
        if (!Handler.CanReadToken(text))
            return null;
        var keyId = Parse(text)?.Kid;
        if (await directory.FindAsync(provider.Issuer, keyId, ct) is not { } metadata)
            return null;
        var result = await Handler.ValidateTokenAsync(text, new TokenValidationParameters
        {
            ValidIssuer = provider.Issuer,
            ValidAudience = provider.ClientId,
            IssuerSigningKeys = metadata.Keys,
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ClockSkew = TimeSpan.FromMinutes(1),
        });
        return result is { IsValid: true, SecurityToken: JsonWebToken token } && IsForUs(token, provider) ? token : null;
    }

    public static ExternalResult<ExternalIdentity> IdentityIn(JsonWebToken token, IdentityProviderRow provider, string nonce)
    {
        if (!token.TryGetPayloadValue<string>("nonce", out var answered) || !AreEqual(answered, nonce) || token.Subject is not { Length: > 0 and <= 255 } subject)
            return ExternalRefusals.Token;
        if (!token.TryGetPayloadValue<string>("email", out var email) || SignInProviders.DomainOf(email) != provider.Domain || IsUnverified(token))
            return ExternalRefusals.Address;
        var groups = token.Claims.Where(c => c.Type == provider.GroupsClaim).Select(c => c.Value);
        return new ExternalIdentity(subject, email, [.. groups]);
    }

    /// <summary>A token for several has to name us as the one it was given to.</summary>
    private static bool IsForUs(JsonWebToken token, IdentityProviderRow provider)
    {
        var named = token.TryGetPayloadValue<string>("azp", out var party);
        return named ? party == provider.ClientId : token.Audiences.Count() == 1;
    }

    /// <summary>A provider that says nothing is taken at its word: the domain is the tenant's.</summary>
    private static bool IsUnverified(JsonWebToken token) =>
        token.Claims.FirstOrDefault(c => c.Type == "email_verified") is { } claim && !claim.Value.Equals("true", StringComparison.OrdinalIgnoreCase);

    private static JsonWebToken? Parse(string text)
    {
        try
        {
            return Handler.ReadJsonWebToken(text);
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    private static bool AreEqual(string? left, string right) =>
        left is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}
