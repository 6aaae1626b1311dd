using Platform.Gateway.Errors;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// The caller's side of a stream: whole events go out one after the other, and after a silence a sign of life between
/// them. A caller that left gets nothing; the upstream may be read on without it.
/// </summary>
internal sealed class CallerStream : IDisposable
{
    private readonly Exchange _exchange;
    private readonly HttpResponseMessage _response;
    private readonly TryClock _clock;
    private readonly TimeProvider _time;
    private readonly TimeSpan _silence;
    private readonly bool _mayBegin;
    private readonly ITimer? _timer;

    /// <summary>Whose turn it is to write: the pump's or the timer's. Not disposed: the timer's last tick may come late.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);

    private long _wroteAt;
    private Exception? _failure;

    public CallerStream(Exchange exchange, HttpResponseMessage response, TryClock clock, UpstreamSettings settings, TimeProvider time)
    {
        (_exchange, _response, _clock, _time, _wroteAt) = (exchange, response, clock, time, time.GetTimestamp());
        (_silence, _mayBegin) = (TimeSpan.FromMilliseconds(settings.KeepAliveMilliseconds), settings.KeepAliveBeginsAnswer);
        if (settings.KeepAliveMilliseconds > 0)
            _timer = time.CreateTimer(static state => ((CallerStream)state!).Tick(), this, _silence, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins the answer if it has not begun.</summary>
    public void Begin()
    {
        var answer = _exchange.Http.Response;
        if (answer.HasStarted)
            return;
        _clock.Delivered();
        answer.StatusCode = StatusCodes.Status200OK;
        HeaderPolicy.CopyResponse(_response, answer);
        answer.Headers.CacheControl = "no-cache";
        answer.Headers["x-accel-buffering"] = "no";
    }

    /// <exception cref="IOException">Also where it was the last sign of life that failed.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> events)
    {
        if (!_turn.Wait(0, CancellationToken.None))
            await _turn.WaitAsync(_clock.Token);
        try
        {
            if (_failure is not null)
                throw new IOException("The caller does not take the stream.", _failure);
            if (_clock.CallerLeft)
            {
                _exchange.Copy?.Add(events);
                return;
            }
            Begin();
            _exchange.FirstByteAt ??= _time.GetTimestamp();
            await CallerWriter.WriteAsync(_exchange, events, _clock);
            Volatile.Write(ref _wroteAt, _time.GetTimestamp());
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>No sign of life is under way afterwards, and none comes.</summary>
    public Task CloseAsync() => _turn.WaitAsync(CancellationToken.None);

    public void Dispose() => _timer?.Dispose();

    private void Tick()
    {
        var left = _silence - _time.GetElapsedTime(Volatile.Read(ref _wroteAt));
        if (left <= TimeSpan.Zero)
            _ = SignAsync();
        else
            _timer?.Change(left, Timeout.InfiniteTimeSpan);
    }

    private async Task SignAsync()
    {
        if (_turn.Wait(0, CancellationToken.None))
        {
            try
            {
                if ((_mayBegin || _exchange.Http.Response.HasStarted) && !_clock.CallerLeft)
                    await SendSignAsync();
            }
            catch (Exception e)
            {
                _failure = e;
            }
            finally
            {
                Volatile.Write(ref _wroteAt, _time.GetTimestamp());
                _turn.Release();
            }
        }
        _timer?.Change(_silence, Timeout.InfiniteTimeSpan);
    }

    private async Task SendSignAsync()
    {
        Begin();
        await CallerWriter.WriteAsync(_exchange, ErrorShape.Of(_exchange.Http).SignOfLife, _clock, isAnswer: false);
    }
}
