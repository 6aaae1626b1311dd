using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Configuration;

namespace Platform.Gateway.Routing;

/// <summary>One endpoint chosen for one try.</summary>
/// <param name="UpstreamModel">The model's name there.</param>
internal sealed record Destination(PoolModel Pool, EndpointModel Endpoint, string UpstreamModel);

/// <summary>
/// The endpoints of one request in the order they are tried: the model's targets one after the other, in each the
/// picker's choice, none twice. Pools that the tenant may not use and endpoints that drain are passed over.
/// </summary>
/// <param name="targets">In the order of <see cref="TargetOrder"/>.</param>
internal sealed class RequestRoute(
    Snapshot snapshot, TenantModel tenant, IReadOnlyList<ModelTarget> targets, EndpointStates states, IEndpointPicker picker)
{
    private readonly HashSet<EndpointId> _tried = [];

    /// <summary>Null where everything has been tried, or nothing serves the model.</summary>
    public Destination? Next()
    {
        foreach (var target in targets)
        {
            if (tenant.Isolation.Allows(target.PoolId) && snapshot.Pools.TryGetValue(target.PoolId, out var pool)
                && pool.Serves(tenant.Id) && Pick(pool) is { } endpoint)
                return new(pool, endpoint, target.UpstreamModel);
        }
        return null;
    }

    private EndpointModel? Pick(PoolModel pool)
    {
        var open = new List<EndpointModel>(pool.Endpoints.Count);
        foreach (var endpoint in pool.Endpoints)
        {
            if (!endpoint.Draining && !_tried.Contains(endpoint.Id))
                open.Add(endpoint);
        }
        var candidates = new Candidate[open.Count];
        for (var i = 0; i < candidates.Length; i++)
            candidates[i] = states.Look(open[i].Id);
        var index = picker.Pick(candidates);
        if (index < 0)
            return null;
        _tried.Add(open[index].Id);
        return open[index];
    }
}
