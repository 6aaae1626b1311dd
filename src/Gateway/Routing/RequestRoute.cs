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
/// endpoints that drain or asked to be left alone are passed over; so are those behind an open breaker, unless there is
/// nothing else: then one of them is tried, because a guess that all are broken is more often wrong than right.
/// </summary>
/// <param name="targets">In the order of <see cref="TargetOrder"/>.</param>
internal sealed class RequestRoute(
    RouteRequest request, IReadOnlyList<ModelTarget> targets, EndpointStates states, IEndpointPicker picker)
{
    private readonly HashSet<EndpointId> _tried = [];

    /// <summary>Of the last destination.</summary>
    private int _tier = int.MinValue;

    private int _lowestTier = int.MinValue;

    /// <summary>False where nothing would be left if the tier of the last destination were left.</summary>
    public bool HasLaterTier => targets.Any(t => t.Tier > _tier && PoolFor(t) is { } pool && pool.Endpoints.Any(e => IsFree(e, t, withOpen: false)));

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
    public Destination? Next() => Next(withOpen: false) ?? (_tried.Count == 0 ? Next(withOpen: true) : null);

    /// <summary>Another one of the last destination's tier; null where there is none that is expected to answer.</summary>
    public Destination? NextOfTier() => Next(withOpen: false, ofTier: _tier);

    /// <summary>
    /// From now on only targets of tiers behind the last destination's are tried: what was wrong was not the endpoint, which
    /// may serve another model in a later tier.
    /// </summary>
    public void LeaveTier()
    {
        _lowestTier = _tier + 1;
        _tried.Clear();
    }

    /// <summary>The time until the first endpoint may be asked again that asked to be left alone; null where none did.</summary>
    public TimeSpan? SoonestPause()
    {
        TimeSpan? soonest = null;
        foreach (var target in targets)
        {
            foreach (var endpoint in PoolFor(target)?.Endpoints ?? [])
            {
                if (!endpoint.Draining && states.PauseOf(states.Of(endpoint.Id), target.UpstreamModel) is { } pause && (soonest is null || pause < soonest))
                    soonest = pause;
            }
        }
        return soonest;
    }

    private static PoolModel? PoolOf(RouteRequest request, ModelTarget target) =>
        request.Tenant.Isolation.Allows(target.PoolId) && request.Snapshot.Pools.TryGetValue(target.PoolId, out var pool)
        && pool.Serves(request.Tenant.Id)
            ? pool
            : null;

    private static bool Does(PoolModel pool, RouteRequest request) => pool.Does(request.Operation);

    private PoolModel? PoolFor(ModelTarget target) => PoolOf(request, target) is { } pool && Does(pool, request) ? pool : null;

    private Destination? Next(bool withOpen, int? ofTier = null)
    {
        foreach (var target in targets)
        {
            if (target.Tier < _lowestTier || (ofTier is { } only && target.Tier != only) || PoolFor(target) is not { } pool || Pick(pool, target, withOpen) is not { } endpoint)
                continue;
            _tier = target.Tier;
            return new(pool, endpoint, target.UpstreamModel);
        }
        return null;
    }

    private bool IsFree(EndpointModel endpoint, ModelTarget target, bool withOpen)
    {
        if (endpoint.Draining)
            return false;
        var state = states.Of(endpoint.Id);
        return states.PauseOf(state, target.UpstreamModel) is null && (withOpen || !state.Breaker.IsOpen);
    }

    private EndpointModel? Pick(PoolModel pool, ModelTarget target, bool withOpen)
    {
        var open = new List<EndpointModel>(pool.Endpoints.Count);
        foreach (var endpoint in pool.Endpoints)
        {
            if (!_tried.Contains(endpoint.Id) && IsFree(endpoint, target, withOpen))
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
