using Platform.Contracts.Ids;

namespace Platform.Portal.Session;

/// <summary>One session's tokens for tenants that an operator has opened. In memory and bounded: the oldest goes first.</summary>
internal sealed class TenantTokens(int capacity = TenantTokens.DefaultCapacity)
{
    public const int DefaultCapacity = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<TenantId, Task<TokenAnswer>> _byTenant = [];
    private readonly Queue<TenantId> _byAge = [];

    public int Count => _byTenant.Count;

    /// <summary>The tenant's token while it is good, else a new one, asked for once however many want it.</summary>
    public Task<TokenAnswer> GetAsync(TenantId tenant, Func<TokenAnswer, bool> isGood, Func<Task<TokenAnswer>> exchange)
    {
        lock (_gate)
        {
            var isKnown = _byTenant.TryGetValue(tenant, out var known);
            if (known is not null && (!known.IsCompleted || (known.IsCompletedSuccessfully && isGood(known.Result))))
                return known;
            if (!isKnown)
            {
                if (_byAge.Count >= capacity)
                    _byTenant.Remove(_byAge.Dequeue());
                _byAge.Enqueue(tenant);
            }
            return _byTenant[tenant] = exchange();
        }
    }
}
