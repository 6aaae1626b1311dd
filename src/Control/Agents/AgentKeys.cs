using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Platform.Control.Agents;

/// <summary>The two public keys of an enrolling agent, checked: both on P-256, and not the same.</summary>
/// <param name="Signing">SubjectPublicKeyInfo, DER.</param>
/// <param name="Encryption">SubjectPublicKeyInfo, DER.</param>
internal sealed record AgentKeys(byte[] Signing, byte[] Encryption)
{
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>Null when one of the texts is no such key.</summary>
    public static AgentKeys? TryRead(string signing, string encryption)
    {
        using var signingKey = ECDsa.Create();
        using var encryptionKey = ECDiffieHellman.Create();
        var keys = (Import(signing, signingKey), Import(encryption, encryptionKey));
        return keys is ({ } s, { } e) && !s.AsSpan().SequenceEqual(e) ? new(s, e) : null;
    }

    /// <summary>The signing key as a JSON Web Key Set of one (RFC 7517), for private_key_jwt (RFC 7523).</summary>
    public JsonWebKeySet ToJsonWebKeySet()
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Signing, out _);
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(key));
        jwk.Use = JsonWebKeyUseNames.Sig;
        jwk.Alg = SecurityAlgorithms.EcdsaSha256;
        var set = new JsonWebKeySet();
        set.Keys.Add(jwk);
        return set;
    }

    private static byte[]? Import(string base64, ECAlgorithm into)
    {
        try
        {
            var der = Convert.FromBase64String(base64);
            into.ImportSubjectPublicKeyInfo(der, out var read);
            var isP256 = into.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256;
            return read == der.Length && isP256 ? into.ExportSubjectPublicKeyInfo() : null;
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null;
        }
    }
}
