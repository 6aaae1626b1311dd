using System.Security.Cryptography;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Control.Delivery;

/// <summary>
/// Seals for one group. What is stored already for the same clear text under the same key is used again: a fresh
/// sealing has other bytes, and would make a resource look changed at every compile.
/// </summary>
internal sealed class GroupSealer(GroupCipher cipher, AgentGroupName group)
{
    public AgentGroupName Group => group;

    public SealedSecret Seal(ReadOnlySpan<byte> clear, TenantId tenant, string kind, string resource, SealedSecret? stored) =>
        stored is not null && Holds(stored, clear, tenant, kind, resource)
            ? stored
            : cipher.Seal(clear, tenant, kind, resource, group);

    private bool Holds(SealedSecret stored, ReadOnlySpan<byte> clear, TenantId tenant, string kind, string resource)
    {
        if (stored.KeyId != cipher.KeyId)
            return false;
        try
        {
            return CryptographicOperations.FixedTimeEquals(cipher.Open(stored, tenant, kind, resource, group), clear);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
