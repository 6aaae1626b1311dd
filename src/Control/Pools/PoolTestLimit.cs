using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;

namespace Platform.Control.Pools;

/// <summary>A test reaches out to up to ten hosts that somebody chose: each tenant has a few a minute.</summary>
internal sealed class PoolTestLimit : IDisposable
{
    private readonly TenantRate _rate = new(10, "tests of pools");

    /// <inheritdoc cref="TenantRate.Refusal"/>
    public Failure? Refusal(TenantId tenant) => _rate.Refusal(tenant);

    public void Dispose() => _rate.Dispose();
}
