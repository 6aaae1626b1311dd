using System.Collections.Concurrent;
using Platform.Contracts.Ids;
using Platform.Gateway.Configuration;

namespace Platform.Gateway.Routing;

/// <summary>What this agent knows of each endpoint by experience; it outlives changes of the configuration.</summary>
internal sealed class EndpointStates(RoutingSettings settings, TimeProvider time)
{
    private readonly ConcurrentDictionary<EndpointId, EndpointState> _states = new();

    public EndpointState Of(EndpointId id) =>
        _states.TryGetValue(id, out var state) ? state : _states.GetOrAdd(id, _ => new(new(settings, time)));

    public Candidate Look(EndpointId id)
    {
        var state = Of(id);
        return new(state.InFlight, state.PenalisedUntil > time.GetTimestamp());
    }

    /// <summary>Avoids the endpoint for a moment while others exist.</summary>
    public void Penalise(EndpointId id) =>
        Of(id).PenalisedUntil = time.GetTimestamp() + (time.TimestampFrequency * settings.PenaltyMilliseconds / 1000);

    /// <summary>Leaves the endpoint alone with this model for as long as it asked, within a bound.</summary>
    public void Pause(EndpointId id, string model, TimeSpan wanted)
    {
        var seconds = Math.Min(wanted.TotalSeconds, settings.MaxPauseSeconds);
        Of(id).Pause(model, time.GetTimestamp() + (long)(seconds * time.TimestampFrequency));
    }

    /// <summary>What is left of a pause; null where there is none.</summary>
    public TimeSpan? PauseOf(EndpointState state, string model)
    {
        var until = state.PausedUntil(model);
        var now = until == 0 ? 0 : time.GetTimestamp();
        return until > now ? time.GetElapsedTime(now, until) : null;
    }

    /// <summary>Forgets endpoints that are no longer configured and have nothing in flight.</summary>
    public void Retain(Snapshot snapshot)
    {
        var known = snapshot.Pools.Values.SelectMany(p => p.Endpoints).Select(e => e.Id).ToHashSet();
        foreach (var (id, state) in _states)
        {
            if (state.InFlight == 0 && !known.Contains(id))
                _states.TryRemove(id, out _);
        }
    }
}
