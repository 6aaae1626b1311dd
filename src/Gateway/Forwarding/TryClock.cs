using Platform.Gateway.Errors;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// The one token that a try runs under, and the reason when it ends: the caller left, we shut down, or a deadline (first
/// byte, then idle, and the request's total).
/// </summary>
internal sealed class TryClock : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly CancellationToken _drain;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _all;
    private readonly UpstreamSettings _settings;
    private readonly TimeSpan _left;
    private readonly long _started;
    private readonly TimeProvider _time;

    public TryClock(UpstreamSettings settings, TimeSpan spent, TimeProvider time, CancellationToken caller, CancellationToken drain)
    {
        (_settings, _caller, _drain, _time) = (settings, caller, drain, time);
        _started = time.GetTimestamp();
        _left = TimeSpan.FromSeconds(settings.TotalSeconds) - spent;
        _deadline = new(AtMost(TimeSpan.FromSeconds(settings.FirstByteSeconds)), time);
        _all = CancellationTokenSource.CreateLinkedTokenSource(caller, drain, _deadline.Token);
    }

    public CancellationToken Token => _all.Token;

    public bool CallerLeft => _caller.IsCancellationRequested;

    /// <summary>Something came: from now on the idle time counts.</summary>
    public void Progress() => _deadline.CancelAfter(AtMost(TimeSpan.FromSeconds(_settings.IdleSeconds)));

    /// <summary>Why the token was cancelled; <paramref name="otherwise"/> where it was not.</summary>
    public ApiError Error(ApiError otherwise) =>
        _drain.IsCancellationRequested ? ApiErrors.ShuttingDown
        : _deadline.IsCancellationRequested ? ApiErrors.UpstreamTimeout
        : otherwise;

    /// <summary>True when it was the endpoint that failed, not a clock of ours.</summary>
    public bool IsRunning => !_all.IsCancellationRequested;

    public void Dispose()
    {
        _all.Dispose();
        _deadline.Dispose();
    }

    private TimeSpan AtMost(TimeSpan wanted)
    {
        var left = _left - _time.GetElapsedTime(_started);
        return left <= TimeSpan.Zero ? TimeSpan.Zero : wanted < left ? wanted : left;
    }
}
