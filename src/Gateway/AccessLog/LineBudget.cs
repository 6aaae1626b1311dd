namespace Platform.Gateway.AccessLog;

/// <summary>So many lines in each second; what is left out is counted, and the count told once the second is over.</summary>
internal sealed class LineBudget : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly int _perSecond;
    private readonly TimeProvider _time;
    private readonly Action<long> _tell;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private long _since;
    private int _written;
    private long _leftOut;

    /// <param name="tell">Told how many were left out.</param>
    public LineBudget(int perSecond, TimeProvider time, Action<long> tell)
    {
        (_perSecond, _time, _tell, _since) = (perSecond, time, tell, time.GetTimestamp());
        _timer = time.CreateTimer(static state => ((LineBudget)state!).Tell(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool TryTake()
    {
        lock (_lock)
        {
            if (_time.GetElapsedTime(_since) >= Second)
                (_since, _written) = (_time.GetTimestamp(), 0);
            if (_written < _perSecond)
            {
                _written++;
                return true;
            }
            if (_leftOut++ == 0)
                _timer.Change(Second, Timeout.InfiniteTimeSpan);
            return false;
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Tell();
    }

    private void Tell()
    {
        long count;
        lock (_lock)
            (count, _leftOut) = (_leftOut, 0);
        if (count > 0)
            _tell(count);
    }
}
