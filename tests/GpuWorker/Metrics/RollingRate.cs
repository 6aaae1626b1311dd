namespace Platform.GpuWorker.Metrics;

/// <summary>An amount per second over the last whole second or more; 0 when nothing came for two. One writer.</summary>
internal sealed class RollingRate(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private long _since = time.GetTimestamp();
    private double _amount;
    private double _rate;

    public double PerSecond => time.GetElapsedTime(Volatile.Read(ref _since)) > 2 * Window ? 0 : Volatile.Read(ref _rate);

    public void Add(double amount, long now)
    {
        _amount += amount;
        var elapsed = time.GetElapsedTime(_since, now);
        if (elapsed < Window)
            return;
        Volatile.Write(ref _rate, _amount / elapsed.TotalSeconds);
        Volatile.Write(ref _since, now);
        _amount = 0;
    }
}
