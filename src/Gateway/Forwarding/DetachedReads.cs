namespace Platform.Gateway.Forwarding;

/// <summary>Counts the answers that are read to their end although their callers left.</summary>
internal sealed class DetachedReads(UpstreamSettings settings)
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>How long each may go on.</summary>
    public TimeSpan Time { get; } = TimeSpan.FromSeconds(settings.DetachedSeconds);

    /// <summary>How much of each is read.</summary>
    public int MaxBytes => settings.MaxDetachedBytes;

    /// <summary>False where as many run as may.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= settings.MaxDetached)
            return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _count);
}
