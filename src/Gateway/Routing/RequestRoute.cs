using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Configuration;

namespace Platform.Gateway.Routing;

/// <summary>One endpoint chosen for one try.</summary>
/// <param name="UpstreamModel">The model's name there.</param>
internal sealed record Destination(PoolModel Pool, EndpointModel Endpoint, string UpstreamModel);

/// <summary>
/// The endpoints of one request in the order they are tried: the model's targets one after the other, in each the
/// picker's choice, none twice. Targets are tried in their order; weights do not matter to it.
/// </summary>
internal sealed class RequestRoute(Snapshot snapshot, TenantId tenant, ModelEntry model, EndpointStates states, IEndpointPicker picker)
{
    private readonly HashSet<EndpointId> _tried = [];

    /// <summary>Null where everything has been tried, or nothing serves the model.</summary>
    public Destination? Next()
    {
        foreach (var target in model.Targets)
        {
            if (snapshot.Pools.TryGetValue(target.PoolId, out var pool) && pool.Serves(tenant) && Pick(pool) is { } endpoint)
                return new(pool, endpoint, target.UpstreamModel);
        }
        return null;
    }

    private EndpointModel? Pick(PoolModel pool)
    {
        var open = new List<EndpointModel>(pool.Endpoints.Count);
        foreach (var endpoint in pool.Endpoints)
        {
            if (!_tried.Contains(endpoint.Id))
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
