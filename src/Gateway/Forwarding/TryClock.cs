using Platform.Gateway.Errors;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// The one token that a try runs under, and the reason when it ends: the caller left, we shut down, its tenant was
/// suspended, or a deadline (first byte, then idle, and the request's total).
/// </summary>
internal sealed class TryClock : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly CancellationToken _drain;
    private readonly CancellationToken _suspension;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _all;
    private readonly UpstreamSettings _settings;
    private readonly TimeSpan _left;
    private readonly TimeProvider _time;

    public TryClock(
        UpstreamSettings settings, TimeSpan spent, TimeProvider time, CancellationToken caller, CancellationToken drain, CancellationToken suspension)
    {
        (_settings, _caller, _drain, _suspension, _time) = (settings, caller, drain, suspension, time);
        StartedAt = time.GetTimestamp();
        _left = TimeSpan.FromSeconds(settings.TotalSeconds) - spent;
        _deadline = new(AtMost(TimeSpan.FromSeconds(settings.FirstByteSeconds)), time);
        _all = CancellationTokenSource.CreateLinkedTokenSource(caller, drain, suspension, _deadline.Token);
    }

    /// <summary>Timestamp of the try's begin.</summary>
    public long StartedAt { get; }

    public CancellationToken Token => _all.Token;

    /// <summary>A write that we cancel drops the connection, which looks as if the caller had left.</summary>
    public bool CallerLeft => _caller.IsCancellationRequested && !_suspension.IsCancellationRequested && !_drain.IsCancellationRequested;

    /// <summary>Something came: from now on the idle time counts.</summary>
    public void Progress() => _deadline.CancelAfter(AtMost(TimeSpan.FromSeconds(_settings.IdleSeconds)));

    /// <summary>Why the token was cancelled; <paramref name="otherwise"/> where it was not.</summary>
    public ApiError Error(ApiError otherwise) =>
        _suspension.IsCancellationRequested ? ApiErrors.TenantSuspended
        : _drain.IsCancellationRequested ? ApiErrors.ShuttingDown
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
        var left = _left - _time.GetElapsedTime(StartedAt);
        return left <= TimeSpan.Zero ? TimeSpan.Zero : wanted < left ? wanted : left;
    }
}
