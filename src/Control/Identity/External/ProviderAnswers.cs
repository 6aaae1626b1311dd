using System.Text.Json;
using Platform.Contracts.Api;
using Platform.Control.Data.Entities;

namespace Platform.Control.Identity.External;

/// <summary>Providers as the API shows them.</summary>
internal sealed class ProviderAnswers(ControlSettings control)
{
    public IdentityProviderAnswer Of(IdentityProviderRow row) => new(
        row.Id,
        row.Name,
        row.Issuer,
        row.ClientId,
        row.SealedSecret is not null,
        CodeFlow.RedirectUri(control, row.Id),
        row.Domain,
        DomainProof.AddressOf(row.Domain).AbsoluteUri,
        row.VerificationToken,
        row.DomainVerifiedAt,
        row.GroupsClaim,
        MappingOf(row),
        row.DefaultRole,
        row.Enabled,
        row.CreatedAt,
        row.Version);

    public static IReadOnlyDictionary<string, string> MappingOf(IdentityProviderRow row) =>
        row.RoleMapping.Deserialize<Dictionary<string, string>>() ?? [];
}
