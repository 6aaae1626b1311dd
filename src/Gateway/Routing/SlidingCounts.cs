namespace Platform.Gateway.Routing;

/// <summary>
/// Two counts over the last moments, in ten slices: a slice is dropped as a whole when it is too old. Adding takes a lock
/// once for each slice and not for each count.
/// </summary>
internal sealed class SlidingCounts(TimeSpan window, TimeProvider time)
{
    private const int Slices = 10;

    private readonly long _ticksPerSlice = Math.Max(1, (long)(window.TotalSeconds * time.TimestampFrequency / Slices));
    private readonly Slice[] _slices = [.. Enumerable.Range(0, Slices).Select(_ => new Slice())];

    public void AddFirst() => Interlocked.Increment(ref Current().First);

    public void AddSecond() => Interlocked.Increment(ref Current().Second);

    public (long First, long Second) Sum()
    {
        var oldest = Number() - Slices + 1;
        var (first, second) = (0L, 0L);
        foreach (var slice in _slices)
        {
            if (Volatile.Read(ref slice.Number) < oldest)
                continue;
            first += Volatile.Read(ref slice.First);
            second += Volatile.Read(ref slice.Second);
        }
        return (first, second);
    }

    public void Clear()
    {
        foreach (var slice in _slices)
        {
            lock (slice)
                slice.Begin(long.MinValue);
        }
    }

    private long Number() => time.GetTimestamp() / _ticksPerSlice;

    private Slice Current()
    {
        var number = Number();
        var slice = _slices[(int)(number % Slices)];
        if (Volatile.Read(ref slice.Number) >= number)
            return slice;
        lock (slice)
        {
            if (slice.Number < number)
                slice.Begin(number);
        }
        return slice;
    }

    private sealed class Slice
    {
        public long Number = long.MinValue;
        public long First;
        public long Second;

        public void Begin(long number)
        {
            First = 0;
            Second = 0;
            Volatile.Write(ref Number, number);
        }
    }
}
