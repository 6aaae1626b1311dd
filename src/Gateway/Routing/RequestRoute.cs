using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Configuration;

namespace Platform.Gateway.Routing;

/// <summary>One endpoint chosen for one try.</summary>
/// <param name="UpstreamModel">The model's name there.</param>
internal sealed record Destination(PoolModel Pool, EndpointModel Endpoint, string UpstreamModel);

/// <summary>Who asks for what, as far as it decides where it may go.</summary>
/// <param name="Operation">The operation's name.</param>
internal readonly record struct RouteRequest(Snapshot Snapshot, TenantModel Tenant, string Operation);

/// <summary>
/// The endpoints of one request in the order they are tried: the model's targets one after the other, in each the
/// picker's choice, none twice. Pools that the tenant may not use, or whose engine does not serve the operation, and
/// endpoints that drain are passed over.
/// </summary>
/// <param name="targets">In the order of <see cref="TargetOrder"/>.</param>
internal sealed class RequestRoute(
    RouteRequest request, IReadOnlyList<ModelTarget> targets, EndpointStates states, IEndpointPicker picker)
{
    private readonly HashSet<EndpointId> _tried = [];

    /// <summary>
    /// False where the model has pools for this tenant, and none of their engines does what is asked. That no pool is there
    /// at all may pass; what an engine does not do, it will not do.
    /// </summary>
    public static bool Serves(RouteRequest request, ModelEntry model)
    {
        var hasPool = false;
        foreach (var target in model.Targets)
        {
            if (PoolOf(request, target) is not { } pool)
                continue;
            if (Does(pool, request))
                return true;
            hasPool = true;
        }
        return !hasPool;
    }

    /// <summary>Null where everything has been tried, or nothing serves the model.</summary>
    public Destination? Next()
    {
        foreach (var target in targets)
        {
            if (PoolOf(request, target) is { } pool && Does(pool, request) && Pick(pool) is { } endpoint)
                return new(pool, endpoint, target.UpstreamModel);
        }
        return null;
    }

    private static PoolModel? PoolOf(RouteRequest request, ModelTarget target) =>
        request.Tenant.Isolation.Allows(target.PoolId) && request.Snapshot.Pools.TryGetValue(target.PoolId, out var pool)
        && pool.Serves(request.Tenant.Id)
            ? pool
            : null;

    private static bool Does(PoolModel pool, RouteRequest request) => pool.Engine.Routes.ContainsKey(request.Operation);

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
