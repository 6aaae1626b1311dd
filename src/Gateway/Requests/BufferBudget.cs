namespace Platform.Gateway.Requests;

/// <summary>The bytes that all requests' buffers may take together.</summary>
internal sealed class BufferBudget(LimitsSettings limits)
{
    private readonly long _bound = limits.MaxBufferedMegabytes * 1024L * 1024L;
    private long _used;

    /// <summary>Bytes that are held.</summary>
    public long Used => Volatile.Read(ref _used);

    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= _bound)
            return true;
        Return(bytes);
        return false;
    }

    /// <summary>For what follows from bytes that were taken already.</summary>
    public void Take(long bytes) => Interlocked.Add(ref _used, bytes);

    public void Return(long bytes) => Interlocked.Add(ref _used, -bytes);
}
