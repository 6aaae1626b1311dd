using System.Text;
using Platform.Control.Data.Entities;
using Platform.Control.Secrets;

namespace Platform.Control.Identity.External;

/// <summary>The clients' secrets at the providers: sealed with the master key, bound to the provider.</summary>
internal sealed class ProviderSecrets(MasterKey master)
{
    /// <summary>Null keeps what is there; an empty text removes it.</summary>
    public void Set(IdentityProviderRow row, string? secret)
    {
        if (secret is not null)
            row.SealedSecret = secret.Length == 0 ? null : master.Seal(Encoding.UTF8.GetBytes(secret), ContextOf(row));
    }

    public string? Open(IdentityProviderRow row) => row.SealedSecret is { } bytes ? Encoding.UTF8.GetString(master.Open(bytes, ContextOf(row))) : null;

    private static string ContextOf(IdentityProviderRow row) => IdentityProviderRow.ContextOf(row.TenantId, row.Id);
}
