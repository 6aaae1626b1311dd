using System.Net;
using Platform.Contracts.Api;
using Platform.Control.Api;

namespace Platform.Control.Policies;

/// <summary>The faults of a policy while it is looked at, and what the looking needs to know.</summary>
/// <param name="allowedNetworks">Private ones that the operator lets tenants' addresses be in.</param>
internal sealed class SpecFaults(Faults faults, IReadOnlyList<IPNetwork> allowedNetworks)
{
    public IReadOnlyList<IPNetwork> AllowedNetworks => allowedNetworks;

    public void Add(string path, string message, string code = ProblemCodes.ValidationFailed) => faults.Add(path, message, code);
}
