namespace Platform.Gateway.Enrolment;

/// <summary>Turns the end of a call's time into a <see cref="TimeoutException"/>, apart from the caller's own cancellation.</summary>
internal sealed class CallDeadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _outer;

    public CallDeadline(TimeSpan time, CancellationToken outer)
    {
        _outer = outer;
        _source = CancellationTokenSource.CreateLinkedTokenSource(outer);
        _source.CancelAfter(time);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Begins the time anew.</summary>
    public void Extend(TimeSpan time) => _source.CancelAfter(time);

    public async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> call)
    {
        try
        {
            return await call(_source.Token);
        }
        catch (OperationCanceledException e) when (!_outer.IsCancellationRequested)
        {
            throw new TimeoutException("The call took too long.", e);
        }
    }

    public void Dispose() => _source.Dispose();
}
