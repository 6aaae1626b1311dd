namespace Platform.Gateway.Forwarding;

/// <summary>The end of running requests once the process stops: then they are cut with an error, and recorded.</summary>
internal sealed class DrainDeadline(TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _source = new(Timeout.InfiniteTimeSpan, time);

    public CancellationToken Token => _source.Token;

    /// <summary>Running requests have so long from now on.</summary>
    public void Begin(TimeSpan span) => _source.CancelAfter(span);

    public void Dispose() => _source.Dispose();
}
