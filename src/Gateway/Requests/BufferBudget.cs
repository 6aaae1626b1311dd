namespace Platform.Gateway.Requests;

/// <summary>The bytes that all requests' buffers may take together.</summary>
internal sealed class BufferBudget(LimitsSettings limits)
{
    private readonly long _bound = limits.MaxBufferedMegabytes * 1024L * 1024L;
    private long _used;

    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= _bound)
            return true;
        Return(bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _used, -bytes);
}
