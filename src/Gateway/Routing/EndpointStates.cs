using System.Collections.Concurrent;
using Platform.Contracts.Ids;
using Platform.Gateway.Configuration;

namespace Platform.Gateway.Routing;

/// <summary>What this agent knows of each endpoint by experience; it outlives changes of the configuration.</summary>
internal sealed class EndpointStates(RoutingSettings settings, TimeProvider time)
{
    private readonly ConcurrentDictionary<EndpointId, EndpointState> _states = new();

    public EndpointState Of(EndpointId id) => _states.GetOrAdd(id, static _ => new());

    public Candidate Look(EndpointId id)
    {
        var state = Of(id);
        return new(state.InFlight, state.PenalisedUntil > time.GetTimestamp());
    }

    /// <summary>Avoids the endpoint for a moment while others exist.</summary>
    public void Penalise(EndpointId id) =>
        Of(id).PenalisedUntil = time.GetTimestamp() + (time.TimestampFrequency * settings.PenaltyMilliseconds / 1000);

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

internal sealed class EndpointState
{
    private int _inFlight;
    private long _penalisedUntil;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>A timestamp of the <see cref="TimeProvider"/>.</summary>
    public long PenalisedUntil
    {
        get => Volatile.Read(ref _penalisedUntil);
        set => Volatile.Write(ref _penalisedUntil, value);
    }

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);
}
