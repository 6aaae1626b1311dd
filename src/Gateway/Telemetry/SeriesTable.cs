using System.Collections.Concurrent;
using Platform.Contracts.Ids;

namespace Platform.Gateway.Telemetry;

/// <summary>Finds the series of a request. However many tenants there are, the series are bounded, and so is what each attribute says.</summary>
internal sealed class SeriesTable(MetricsSettings settings)
{
    private readonly ConcurrentDictionary<Key, RequestSeries> _series = new();
    private readonly ConcurrentDictionary<(string Operation, string Engine), RequestSeries> _others = new();
    private readonly BoundedNames _tenants = new(settings.MaxTenants);
    private readonly BoundedNames _models = new(settings.MaxModels);
    private readonly BoundedNames _pools = new(settings.MaxPools);
    private int _count;

    /// <param name="tenant">The tenant's slug.</param>
    /// <param name="model">As configuration names it.</param>
    public RequestSeries Of(string operation, string engine, string tenant, string model, PoolId pool)
    {
        var key = new Key(operation, engine, tenant, model, pool);
        if (_series.TryGetValue(key, out var known))
            return known;
        if (Interlocked.Increment(ref _count) <= settings.MaxSeries)
        {
            var made = new RequestSeries(operation, _models.Of(model), engine, _tenants.Of(tenant), _pools.Of(pool.ToString()));
            if (_series.TryAdd(key, made))
                return made;
        }
        // Full, or another thread was faster.
        Interlocked.Decrement(ref _count);
        return _series.TryGetValue(key, out known) ? known : _others.GetOrAdd(
            (operation, engine),
            static k => new(k.Operation, BoundedNames.Other, k.Engine, BoundedNames.Other, BoundedNames.Other));
    }

    /// <summary>A tenant's slug where only the tenant is told.</summary>
    public string TenantOf(string tenant) => _tenants.Of(tenant);

    private readonly record struct Key(string Operation, string Engine, string Tenant, string Model, PoolId Pool);
}
