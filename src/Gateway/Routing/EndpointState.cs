using System.Collections.Concurrent;

namespace Platform.Gateway.Routing;

/// <summary>One endpoint, as this agent knows it.</summary>
internal sealed class EndpointState(Breaker breaker)
{
    /// <summary>By the model's name there, since providers limit each model by itself; the names come from configuration.</summary>
    private readonly ConcurrentDictionary<string, long> _pauses = new(StringComparer.Ordinal);

    private int _inFlight;
    private long _penalisedUntil;

    public int InFlight => Volatile.Read(ref _inFlight);

    public Breaker Breaker => breaker;

    /// <summary>A timestamp of the <see cref="TimeProvider"/>.</summary>
    public long PenalisedUntil
    {
        get => Volatile.Read(ref _penalisedUntil);
        set => Volatile.Write(ref _penalisedUntil, value);
    }

    /// <summary>Timestamp until which it asked to be left alone with this model; 0 where it did not.</summary>
    public long PausedUntil(string model) => _pauses.IsEmpty ? 0 : _pauses.GetValueOrDefault(model);

    /// <summary>The later of two pauses counts.</summary>
    public void Pause(string model, long until) => _pauses.AddOrUpdate(model, until, (_, other) => Math.Max(other, until));

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);
}
