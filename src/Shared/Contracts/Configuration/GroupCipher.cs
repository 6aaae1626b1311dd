using System.Security.Cryptography;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Configuration;

/// <summary>Seals and opens <see cref="SealedSecret"/> with one group key of 32 bytes (NIST SP 800-38D, GCM).</summary>
public sealed class GroupCipher(string keyId, byte[] key)
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    public string KeyId => keyId;

    public SealedSecret Seal(ReadOnlySpan<byte> clear, TenantId tenant, string kind, string resource, AgentGroupName group)
    {
        var context = SealedSecret.ContextFor(tenant, kind, resource, group, keyId);
        var dataKey = RandomNumberGenerator.GetBytes(32);
        try
        {
            return new(keyId, SealBytes(key, dataKey, context), SealBytes(dataKey, clear, context));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>The clear bytes.</summary>
    /// <exception cref="CryptographicException">Another key, another context, or altered bytes.</exception>
    public byte[] Open(SealedSecret secret, TenantId tenant, string kind, string resource, AgentGroupName group)
    {
        var context = SealedSecret.ContextFor(tenant, kind, resource, group, keyId);
        var dataKey = OpenBytes(key, secret.WrappedKey, context);
        try
        {
            return OpenBytes(dataKey, secret.Ciphertext, context);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>Nonce, ciphertext, tag in one array.</summary>
    public static byte[] SealBytes(ReadOnlySpan<byte> key, ReadOnlySpan<byte> clear, ReadOnlySpan<byte> context)
    {
        var output = new byte[NonceSize + clear.Length + TagSize];
        var nonce = output.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var gcm = new AesGcm(key, TagSize);
        gcm.Encrypt(nonce, clear, output.AsSpan(NonceSize, clear.Length), output.AsSpan(NonceSize + clear.Length), context);
        return output;
    }

    /// <inheritdoc cref="Open"/>
    public static byte[] OpenBytes(ReadOnlySpan<byte> key, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> context)
    {
        if (sealedBytes.Length < NonceSize + TagSize)
            throw new CryptographicException("The sealed bytes are too short.");
        var clear = new byte[sealedBytes.Length - NonceSize - TagSize];
        using var gcm = new AesGcm(key, TagSize);
        gcm.Decrypt(sealedBytes[..NonceSize], sealedBytes[NonceSize..^TagSize], sealedBytes[^TagSize..], clear, context);
        return clear;
    }
}
