using System.Security.Cryptography;
using System.Text;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Enrolment;

/// <summary>
/// Bytes that only one agent can read: ephemeral ECDH on P-256, HKDF-SHA256 (RFC 5869), AES-256-GCM; bound to the
/// agent's id.
/// </summary>
/// <param name="EphemeralKey">SubjectPublicKeyInfo, DER.</param>
/// <param name="Ciphertext">Nonce (12), sealed bytes, tag (16).</param>
public sealed record SealedForAgent(byte[] EphemeralKey, byte[] Ciphertext)
{
    public static SealedForAgent Seal(ReadOnlySpan<byte> clear, ECDiffieHellman recipient, AgentId agent)
    {
        using var ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using var recipientKey = recipient.PublicKey;
        var publicKey = ephemeral.ExportSubjectPublicKeyInfo();
        var key = Derive(ephemeral, recipientKey, publicKey, agent);
        return new(publicKey, GroupCipher.SealBytes(key, clear, Context(agent)));
    }

    /// <exception cref="CryptographicException">Not for this agent, or altered.</exception>
    public byte[] Open(ECDiffieHellman own, AgentId agent)
    {
        using var ephemeral = ECDiffieHellman.Create();
        ephemeral.ImportSubjectPublicKeyInfo(EphemeralKey, out _);
        using var ephemeralKey = ephemeral.PublicKey;
        return GroupCipher.OpenBytes(Derive(own, ephemeralKey, EphemeralKey, agent), Ciphertext, Context(agent));
    }

    private static byte[] Derive(ECDiffieHellman own, ECDiffieHellmanPublicKey other, byte[] ephemeral, AgentId agent)
    {
        var shared = own.DeriveRawSecretAgreement(other);
        try
        {
            return HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 32, salt: ephemeral, info: Context(agent));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(shared);
        }
    }

    private static byte[] Context(AgentId agent) => Encoding.UTF8.GetBytes($"platform agent secrets v1\n{agent}");
}
