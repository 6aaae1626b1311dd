using System.Security.Cryptography;
using System.Text;
using Platform.Contracts.Configuration;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Ids;

namespace Platform.Gateway.Peers;

/// <summary>
/// Seals what agents of a group say to each other with the group's key: the broker sees no content, and who cannot seal is
/// not of the group. An agent that does not hold the key yet hears nothing until it does.
/// </summary>
internal sealed class PeerCipher
{
    private const string Kind = "peers";
    private const int WrappedLength = 12 + 32 + 16;

    private readonly AgentGroupName _group;
    private readonly Dictionary<string, GroupCipher> _ciphers;
    private readonly GroupCipher? _newest;

    /// <param name="keys">The newest last.</param>
    public PeerCipher(AgentGroupName group, IReadOnlyList<GroupKey> keys)
    {
        _group = group;
        _ciphers = keys.ToDictionary(k => k.Id, k => new GroupCipher(k.Id, k.Key));
        _newest = keys is [.., var newest] ? _ciphers[newest.Id] : null;
    }

    /// <summary>Null where the agent has no key.</summary>
    public byte[]? Seal(PeerMessage message)
    {
        if (_newest?.Seal(message.ToBytes(), TenantId.Platform, Kind, Kind, _group) is not { } secret)
            return null;
        var keyId = Encoding.UTF8.GetBytes(secret.KeyId);
        return [checked((byte)keyId.Length), .. keyId, .. secret.WrappedKey, .. secret.Ciphertext];
    }

    /// <summary>Null where it is not of the group.</summary>
    public PeerMessage? Open(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes.Length < 1 + bytes[0] + WrappedLength)
            return null;
        var keyId = Encoding.UTF8.GetString(bytes.Slice(1, bytes[0]));
        var rest = bytes[(1 + bytes[0])..];
        try
        {
            return _ciphers.TryGetValue(keyId, out var cipher)
                ? PeerMessage.Read(cipher.Open(new(keyId, rest[..WrappedLength].ToArray(), rest[WrappedLength..].ToArray()), TenantId.Platform, Kind, Kind, _group))
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
