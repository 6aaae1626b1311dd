using System.Collections.Concurrent;
using Platform.Contracts.Ids;
using Platform.Gateway.Configuration;

namespace Platform.Gateway.Requests;

/// <summary>Each tenant's share of the buffers' budget, so that what one tenant sends and gets cannot make others' requests fail.</summary>
internal sealed class TenantBuffers : IDisposable
{
    private readonly BufferBudget _all;
    private readonly long _share;
    private readonly CurrentSnapshot _current;
    private readonly ConcurrentDictionary<TenantId, BufferBudget> _tenants = new();

    public TenantBuffers(BufferBudget all, LimitsSettings limits, CurrentSnapshot current)
    {
        (_all, _share, _current) = (all, limits.MaxTenantBufferedBytes, current);
        current.Swapped += OnSwapped;
    }

    /// <param name="tenant">Null where nobody knows.</param>
    public BufferBudget Of(TenantId? tenant) =>
        tenant is { } id ? _tenants.GetOrAdd(id, static (_, own) => new(own._share, own._all), this) : _all;

    public void Dispose() => _current.Swapped -= OnSwapped;

    /// <summary>What a tenant that went still holds counts with all, and not with a share if it comes back.</summary>
    private void OnSwapped(Snapshot before, Snapshot after)
    {
        if (ReferenceEquals(before.Tenants, after.Tenants))
            return;
        foreach (var (id, _) in _tenants)
        {
            if (!after.Tenants.ContainsKey(id))
                _tenants.TryRemove(id, out _);
        }
    }
}
