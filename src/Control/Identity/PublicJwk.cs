using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Platform.Control.Identity;

/// <summary>The public half of a signing key as a JSON Web Key (RFC 7517, RFC 7518 section 6.3.1).</summary>
internal static class PublicJwk
{
    public static JsonElement Of(RsaSecurityKey key) => JsonSerializer.SerializeToElement(new Dictionary<string, string>
    {
        ["kty"] = "RSA",
        ["use"] = "sig",
        ["alg"] = SecurityAlgorithms.RsaSha256,
        ["kid"] = key.KeyId,
        ["n"] = Base64UrlEncoder.Encode(key.Parameters.Modulus),
        ["e"] = Base64UrlEncoder.Encode(key.Parameters.Exponent),
    });
}
