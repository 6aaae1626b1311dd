using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;

namespace Platform.Control.Identity.External;

/// <summary>A proof reaches out to a host that somebody chose: each tenant has a few a minute.</summary>
internal sealed class DomainProofLimit : IDisposable
{
    private readonly TenantRate _rate = new(10, "proofs of domains");

    /// <inheritdoc cref="TenantRate.Refusal"/>
    public Failure? Refusal(TenantId tenant) => _rate.Refusal(tenant);

    public void Dispose() => _rate.Dispose();
}
