using System.Security.Cryptography;
using Platform.Contracts.Ids;
using Platform.Control.Data.Entities;
using Platform.Control.Secrets;

namespace Platform.Control.Policies;

/// <summary>What keeps a tenant's prefixes in shared caches apart: 32 random bytes that nobody is ever shown.</summary>
internal static class CacheSalts
{
    private const int Size = 32;

    /// <returns>Sealed for the database.</returns>
    public static byte[] New(MasterKey master, TenantId tenant)
    {
        var clear = RandomNumberGenerator.GetBytes(Size);
        try
        {
            return master.Seal(clear, IsolationPolicyRow.SaltContextOf(tenant));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }
}
