using System.Security.Cryptography;
using Platform.Contracts.Configuration;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Ids;

namespace Platform.Gateway.Configuration;

/// <summary>Opens what is sealed for the agent's group.</summary>
internal sealed class GroupSecrets(AgentGroupName group, IEnumerable<GroupKey> keys)
{
    private readonly Dictionary<string, GroupCipher> _ciphers = keys.ToDictionary(k => k.Id, k => new GroupCipher(k.Id, k.Key));

    /// <summary>Null, with a fault, where it does not open. <paramref name="unknownKey"/> tells that fresh group keys may help.</summary>
    public byte[]? Open(SealedSecret? secret, TenantId tenant, string kind, string resource, List<string> faults, ref bool unknownKey)
    {
        if (secret is not { KeyId: not null, WrappedKey: not null, Ciphertext: not null })
        {
            faults.Add($"The {kind} of '{resource}' is incomplete.");
            return null;
        }
        if (!_ciphers.TryGetValue(secret.KeyId, out var cipher))
        {
            unknownKey = true;
            faults.Add($"The {kind} of '{resource}' is sealed with a group key that this agent does not hold.");
            return null;
        }
        try
        {
            return cipher.Open(secret, tenant, kind, resource, group);
        }
        catch (CryptographicException)
        {
            faults.Add($"The {kind} of '{resource}' does not open.");
            return null;
        }
    }
}
