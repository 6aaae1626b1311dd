using System.Security.Cryptography;
using System.Text.Json;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Contracts.Messages;

namespace Platform.Gateway.Enrolment;

/// <summary>An identity with its keys at work. The opened secrets live in memory only.</summary>
internal sealed class EnrolledAgent : IDisposable
{
    private readonly Lock _signing = new();
    private readonly ECDsa _signingKey = ECDsa.Create();
    private readonly ECDiffieHellman _encryptionKey = ECDiffieHellman.Create();
    private volatile AgentIdentity _identity;
    private volatile AgentSecrets _secrets;

    /// <exception cref="CryptographicException">The keys or the sealed secrets cannot be read.</exception>
    /// <exception cref="JsonException">What was sealed is not what it should be.</exception>
    public EnrolledAgent(AgentIdentity identity)
    {
        _signingKey.ImportPkcs8PrivateKey(identity.SigningKey, out _);
        _encryptionKey.ImportPkcs8PrivateKey(identity.EncryptionKey, out _);
        _identity = identity;
        _secrets = Open(identity.Secrets);
    }

    public AgentIdentity Identity => _identity;

    public AgentId Id => _identity.AgentId;

    public AgentSecrets Secrets => _secrets;

    /// <summary>Takes freshly sealed secrets. Returns false where they do not differ.</summary>
    public bool Renew(SealedForAgent sealedSecrets)
    {
        var opened = Open(sealedSecrets);
        var changed = opened.Broker != _secrets.Broker
            || !opened.GroupKeys.Select(k => k.Id).SequenceEqual(_secrets.GroupKeys.Select(k => k.Id));
        _secrets = opened;
        _identity = _identity with { Secrets = sealedSecrets };
        return changed;
    }

    /// <summary>ES256 (RFC 7518, 3.4) over the bytes, IEEE P1363 form.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        lock (_signing)
            return _signingKey.SignData(data, HashAlgorithmName.SHA256);
    }

    public string SignMessage(string messageType, ReadOnlySpan<byte> body)
    {
        lock (_signing)
            return MessageSignature.Sign(_signingKey, messageType, body);
    }

    public void Dispose()
    {
        _signingKey.Dispose();
        _encryptionKey.Dispose();
    }

    private AgentSecrets Open(SealedForAgent sealedSecrets) =>
        JsonSerializer.Deserialize(sealedSecrets.Open(_encryptionKey, Id), WireJson.Default.AgentSecrets)
            ?? throw new JsonException("The agent's secrets are empty.");
}
