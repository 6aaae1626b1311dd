using System.Text.Json;
using Platform.Contracts.Api;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Identity.External;

/// <summary>What a write puts into a provider's row, and what it may not.</summary>
internal sealed class ProviderWrites(ProviderAddresses addresses, ProviderSecrets secrets, ProviderAnswers answers)
{
    public ProviderAnswers Answers => answers;

    /// <summary>
    /// A provider that makes owners, or would, is an owner's to write: who decides where people sign in decides who they are.
    /// </summary>
    public Failure? FaultOf(WriteCall call, IdentityProviderRequest request, IdentityProviderRow row)
    {
        var faults = new Faults();
        if (!addresses.IsIssuer(request.Issuer))
            faults.Add("issuer", ProviderAddresses.Rule, ProblemCodes.UrlRefused);
        var makesOwners = request.RoleMapping.Values.Contains(TenantRoles.Owner)
            || (row.RoleMapping.ValueKind == JsonValueKind.Object && ProviderAnswers.MappingOf(row).Values.Contains(TenantRoles.Owner));
        if (makesOwners && call.Caller?.TenantRole != TenantRoles.Owner)
            faults.Add("roleMapping", "Only an owner writes a provider whose groups make owners.");
        return faults.Any ? faults.ToFailure() : null;
    }

    public IdentityProviderAnswer Fill(IdentityProviderRow row, IdentityProviderRequest request)
    {
        (row.Name, row.Issuer, row.ClientId, row.Domain) = (request.Name, request.Issuer, request.ClientId, request.Domain);
        (row.GroupsClaim, row.DefaultRole, row.Enabled) = (request.GroupsClaim, request.DefaultRole, request.Enabled);
        row.RoleMapping = JsonSerializer.SerializeToElement(request.RoleMapping);
        secrets.Set(row, request.ClientSecret);
        return answers.Of(row);
    }
}
