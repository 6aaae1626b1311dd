namespace Platform.Gateway.Routing;

/// <summary>
/// Keeps requests from an endpoint that fails. It opens after failures in a row, or when too many of the last moments'
/// tries failed; after a while one try is let through, and decides. Tries that began before that say nothing any more.
/// </summary>
internal sealed class Breaker(RoutingSettings settings, TimeProvider time)
{
    private readonly SlidingCounts _tries = new(TimeSpan.FromSeconds(settings.BreakerWindowSeconds), time);
    private readonly Lock _change = new();

    private int _inRow;

    /// <summary>Timestamp until which it is open; 0 while it is closed.</summary>
    private long _openUntil;

    private bool _probing;

    /// <summary>Nobody is let through but for want of others.</summary>
    public bool IsOpen
    {
        get
        {
            if (IsClosed)
                return false;
            lock (_change)
                return _openUntil != 0 && (_probing || _openUntil > time.GetTimestamp());
        }
    }

    private bool IsClosed => Volatile.Read(ref _openUntil) == 0;

    /// <summary>A try begins. True where it is the one that decides.</summary>
    public bool Begin()
    {
        if (IsClosed)
            return false;
        lock (_change)
        {
            if (_openUntil == 0 || _probing || _openUntil > time.GetTimestamp())
                return false;
            return _probing = true;
        }
    }

    /// <param name="decides">As <see cref="Begin"/> said.</param>
    public void End(Verdict verdict, bool decides)
    {
        if (verdict == Verdict.Alive)
            Succeed(decides);
        else if (verdict == Verdict.Broken)
            Fail(decides);
        else if (decides)
            Set(open: true, forHowLong: 0);
    }

    private void Succeed(bool decides)
    {
        _tries.AddFirst();
        if (Volatile.Read(ref _inRow) != 0)
            Volatile.Write(ref _inRow, 0);
        if (!decides)
            return;
        _tries.Clear();
        Set(open: false, forHowLong: 0);
    }

    private void Fail(bool decides)
    {
        _tries.AddSecond();
        var inRow = Interlocked.Increment(ref _inRow);
        if (decides || (IsClosed && (inRow >= settings.BreakerFailures || FailsOften())))
            Set(open: true, settings.BreakerOpenMilliseconds);
    }

    private void Set(bool open, long forHowLong)
    {
        lock (_change)
        {
            Volatile.Write(ref _openUntil, open ? time.GetTimestamp() + (time.TimestampFrequency * forHowLong / 1000) : 0);
            _probing = false;
        }
    }

    private bool FailsOften()
    {
        var (succeeded, failed) = _tries.Sum();
        return succeeded + failed >= settings.BreakerMinTries && failed * 100 >= (succeeded + failed) * settings.BreakerFailedPercent;
    }
}
