using System.Text;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Configuration;

/// <summary>
/// A secret sealed for one agent group: AES-256-GCM under a fresh data key, the data key in turn under the group's key,
/// both bound to <see cref="ContextFor"/>. Neither the broker nor a disk sees the clear text.
/// </summary>
/// <param name="KeyId">The group key that wraps the data key.</param>
/// <param name="WrappedKey">Nonce (12), wrapped data key (32), tag (16).</param>
/// <param name="Ciphertext">Nonce (12), sealed bytes, tag (16).</param>
public sealed record SealedSecret(string KeyId, byte[] WrappedKey, byte[] Ciphertext)
{
    public const string PepperKind = "pepper";
    public const string ProviderKeyKind = "provider-key";
    public const string CacheSaltKind = "cache-salt";
    public const string ClientCertificateKind = "client-certificate";

    /// <summary>The associated data: whose it is, what it is, for whom, under which key.</summary>
    public static byte[] ContextFor(TenantId tenant, string kind, string resource, AgentGroupName group, string keyId) =>
        Encoding.UTF8.GetBytes($"v1\n{tenant}\n{kind}\n{resource}\n{group}\n{keyId}");
}
