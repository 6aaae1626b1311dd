using System.Collections.Concurrent;
using Platform.Contracts.Ids;
using Platform.Gateway.Configuration;

namespace Platform.Gateway.Limits;

/// <summary>
/// What has been used, by quota; it outlives the configuration that the quota came with. There are no more states than
/// there are quotas, and those of quotas that went are dropped by the next sweeps.
/// </summary>
internal sealed class QuotaStates
{
    private readonly ConcurrentDictionary<Guid, QuotaState> _states = new();

    public int Count => _states.Count;

    public QuotaState Of(Guid quota, TenantId tenant) => _states.GetOrAdd(quota, static (_, id) => new(id), tenant);

    public void Sweep(Snapshot snapshot, DateTimeOffset now)
    {
        foreach (var (id, state) in _states)
        {
            var quota = snapshot.Tenants.GetValueOrDefault(state.Tenant)?.Policies.QuotaTable.Find(id);
            if (state.TryRetire(quota, now))
                _states.TryRemove(new(id, state));
        }
    }
}
