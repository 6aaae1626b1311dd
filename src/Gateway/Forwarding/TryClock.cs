using Platform.Gateway.Errors;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// The one token that a try runs under, and the reason when it ends: the caller left or does not read, we shut down, its
/// tenant was suspended, or a deadline. Bytes that come and go only note the time: one timer looks at what was noted, so
/// that a stream of many events does not set a timer for each.
/// </summary>
internal sealed class TryClock : IDisposable
{
    private readonly TryLimits _limits;
    private readonly TimeProvider _time;
    private readonly CancellationToken _drain;
    private readonly CancellationToken _suspension;

    // Not disposed, since the timer's last tick may come after the try; it holds nothing.
    private readonly CancellationTokenSource _all = new();
    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _caller;
    private readonly CancellationTokenRegistration _drained;
    private readonly CancellationTokenRegistration _suspended;

    /// <summary>So that what was looked at is what the timer is set for.</summary>
    private readonly Lock _look = new();

    private long _heardAt;
    private long _writingSince;
    private long _detachedAt;
    private long _detachedBytes;
    private volatile bool _heard;
    private volatile bool _delivered;
    private volatile bool _callerLeft;
    private int _end;

    public TryClock(TryLimits limits, TimeProvider time, CancellationToken caller, CancellationToken drain, CancellationToken suspension)
    {
        (_limits, _time, _drain, _suspension) = (limits, time, drain, suspension);
        _heardAt = StartedAt = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((TryClock)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _drained = drain.UnsafeRegister(static state => ((TryClock)state!)._all.Cancel(), this);
        _suspended = suspension.UnsafeRegister(static state => ((TryClock)state!)._all.Cancel(), this);
        _caller = caller.UnsafeRegister(static state => ((TryClock)state!).OnCallerLeft(), this);
        Tick();
    }

    private enum End
    {
        None,
        CallerLeft,
        CallerTooSlow,
        TryTime,
        Time,
    }

    /// <summary>Timestamp of the try's begin.</summary>
    public long StartedAt { get; }

    public CancellationToken Token => _all.Token;

    /// <summary>Also where the upstream is read on without it. A write that we cancel drops the connection, and is not meant.</summary>
    public bool CallerLeft => _callerLeft;

    /// <summary>It did not take what was written in time.</summary>
    public bool CallerTooSlow => Ended == End.CallerTooSlow;

    /// <summary>True when it was the endpoint that failed, not a clock of ours.</summary>
    public bool IsRunning => !_all.IsCancellationRequested;

    /// <summary>Another endpoint may be tried: the request itself has time, and somebody waits for it.</summary>
    public bool AllowsNext => !_callerLeft && !_drain.IsCancellationRequested && !_suspension.IsCancellationRequested && Ended is End.None or End.TryTime;

    private End Ended => (End)Volatile.Read(ref _end);

    /// <summary>Something came from the upstream: from now on the idle time counts.</summary>
    public void Progress(int bytes)
    {
        Volatile.Write(ref _heardAt, _time.GetTimestamp());
        if (!_heard)
        {
            _heard = true;
            Tick(); // the idle time may end before the one for the first byte would have
        }
        if (_callerLeft && (_detachedBytes += bytes) > _limits.Detached?.MaxBytes)
            EndBy(End.Time);
    }

    /// <summary>The answer goes to the caller: no other try is possible.</summary>
    public void Delivered() => _delivered = true;

    /// <summary>The caller does not take what is written at once; until it does the upstream's silence is not counted.</summary>
    public void WriteWaits()
    {
        Volatile.Write(ref _writingSince, _time.GetTimestamp());
        Tick();
    }

    public void WriteEnds()
    {
        Volatile.Write(ref _heardAt, _time.GetTimestamp());
        Volatile.Write(ref _writingSince, 0);
        Tick();
    }

    /// <summary>Why the token was cancelled; <paramref name="otherwise"/> where it was not.</summary>
    public ApiError Error(ApiError otherwise) =>
        _suspension.IsCancellationRequested ? ApiErrors.TenantSuspended
        : _drain.IsCancellationRequested ? ApiErrors.ShuttingDown
        : Ended is End.TryTime or End.Time ? ApiErrors.UpstreamTimeout
        : otherwise;

    public void Dispose()
    {
        _caller.Dispose();
        _drained.Dispose();
        _suspended.Dispose();
        _timer.Dispose();
        if (Interlocked.Exchange(ref _detachedAt, 0) != 0)
            _limits.Detached!.Leave();
    }

    private void OnCallerLeft()
    {
        if (_all.IsCancellationRequested)
            return;
        _callerLeft = true;
        if (_limits.Detached?.TryEnter() != true)
        {
            EndBy(End.CallerLeft);
            return;
        }
        Volatile.Write(ref _detachedAt, _time.GetTimestamp());
        Tick();
    }

    private void Tick()
    {
        End end;
        lock (_look)
        {
            (end, var left) = Nearest();
            if (left > TimeSpan.Zero)
            {
                _timer.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }
        }
        EndBy(end);
    }

    /// <summary>The deadline that comes first, as things are.</summary>
    private (End End, TimeSpan Left) Nearest()
    {
        var nearest = (End.Time, Left: _limits.Total - _time.GetElapsedTime(StartedAt));
        if (_limits.Try is { } tryTime && !_delivered)
            Take(End.TryTime, tryTime, StartedAt);
        if (Volatile.Read(ref _writingSince) is var writing and not 0)
            Take(End.CallerTooSlow, _limits.Write, writing);
        else
            Take(End.Time, _heard ? _limits.Idle : _limits.FirstByte, Volatile.Read(ref _heardAt));
        if (Volatile.Read(ref _detachedAt) is var detached and not 0)
            Take(End.Time, _limits.Detached!.Time, detached);
        return nearest;

        void Take(End end, TimeSpan limit, long since)
        {
            var left = limit - _time.GetElapsedTime(since);
            if (left < nearest.Left)
                nearest = (end, left);
        }
    }

    private void EndBy(End end)
    {
        if (Interlocked.CompareExchange(ref _end, (int)end, (int)End.None) == (int)End.None)
            _all.Cancel();
    }
}
