namespace Platform.Gateway.Tests.World;

/// <summary>A clock that stands still until a test moves it; timers fire, in their order, on whoever moves it.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _change = new();
    private readonly List<ManualTimer> _timers = [];
    private long _now = TimeSpan.TicksPerDay;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => new(DateTimeOffset.UnixEpoch.Ticks + GetTimestamp(), TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        var until = GetTimestamp() + time.Ticks;
        while (NextDue(until) is { } timer)
            timer.Fire();
        Volatile.Write(ref _now, until);
    }

    private ManualTimer? NextDue(long until)
    {
        lock (_change)
        {
            if (_timers.Where(t => t.Due <= until).MinBy(t => t.Due) is not { } next)
                return null;
            Volatile.Write(ref _now, Math.Max(_now, next.Due));
            if (!next.Repeat())
                _timers.Remove(next);
            return next;
        }
    }

    private sealed class ManualTimer(ManualTime time, Action fire) : ITimer
    {
        private TimeSpan _period;

        public long Due { get; private set; }

        public void Fire() => fire();

        /// <summary>False where it fires once.</summary>
        public bool Repeat()
        {
            Due += Math.Max(0, _period.Ticks);
            return _period > TimeSpan.Zero;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._change)
            {
                _period = period;
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = time.GetTimestamp() + dueTime.Ticks;
                time._timers.Add(this);
                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
