namespace Platform.GpuWorker.Tests.Serving;

/// <summary>Time that passes only by timers, at once, each <paramref name="late"/> by the same amount.</summary>
internal sealed class ElasticTime(TimeSpan late) : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public int Timers { get; private set; }

    public TimeSpan Elapsed => new(_ticks);

    public override long GetTimestamp() => _ticks;

    public void Pass(TimeSpan time) => _ticks += time.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Timers++;
        Pass(TimeSpan.FromMilliseconds(Math.Floor(dueTime.TotalMilliseconds)) + late);
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
