namespace Platform.GpuWorker.Metrics;

/// <summary>A Prometheus histogram of seconds, written by one thread. Readers may see the newest value in part.</summary>
internal sealed class Histogram(params double[] bounds)
{
    private readonly long[] _counts = new long[bounds.Length + 1];

    public IReadOnlyList<double> Bounds => bounds;

    public double Sum { get; private set; }

    /// <summary>Values in the bucket at an index, not cumulated; the last one is for what is above all bounds.</summary>
    public long CountAt(int bucket) => Volatile.Read(ref _counts[bucket]);

    public void Observe(TimeSpan value)
    {
        var seconds = value.TotalSeconds;
        var bucket = 0;
        while (bucket < bounds.Length && seconds > bounds[bucket])
            bucket++;
        _counts[bucket]++;
        Sum += seconds;
    }
}
