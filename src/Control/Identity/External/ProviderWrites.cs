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

    public Failure? FaultOf(IdentityProviderRequest request)
    {
        var faults = new Faults();
        if (!addresses.IsIssuer(request.Issuer))
            faults.Add("issuer", ProviderAddresses.Rule, ProblemCodes.UrlRefused);
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
