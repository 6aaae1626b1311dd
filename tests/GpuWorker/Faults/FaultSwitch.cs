namespace Platform.GpuWorker.Faults;

/// <summary>Holds the faults that are on. A request keeps the set that it began with.</summary>
internal sealed class FaultSwitch(FaultSet initial)
{
    private FaultSet _current = initial;

    public FaultSet Current => Volatile.Read(ref _current);

    /// <summary>Adds a fault. False when there is none of that name.</summary>
    public bool TryAdd(string mode)
    {
        while (true)
        {
            var before = Current;
            if (before.Add(mode) is not { } after)
                return false;
            if (Interlocked.CompareExchange(ref _current, after, before) == before)
                return true;
        }
    }

    public void Clear() => Volatile.Write(ref _current, FaultSet.None);
}
