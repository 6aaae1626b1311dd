using Platform.Gateway.Configuration;

namespace Platform.Gateway.Delivery;

/// <summary>
/// When to fetch: as soon as it is wanted; after a silence; after a failure with growing pauses. For one thread.
/// </summary>
internal sealed class PullSchedule(DeliverySettings settings, ControlContact control, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly TimeSpan _silence = TimeSpan.FromMilliseconds(settings.SilenceMilliseconds);
    private readonly TimeSpan _maxPause = TimeSpan.FromMilliseconds(settings.MaxPauseMilliseconds);
    private bool _wanted = true;
    private TimeSpan _pause = FirstPause;
    private DateTimeOffset _notBefore;
    private DateTimeOffset _silentFrom = time.GetUtcNow() + TimeSpan.FromMilliseconds(settings.SilenceMilliseconds);

    /// <summary>The next fetch takes everything, not only what is newer.</summary>
    public bool Everything { get; private set; }

    public bool IsDue => _wanted && time.GetUtcNow() >= _notBefore;

    /// <summary>How long to listen before there is something to do.</summary>
    public TimeSpan Wait => (_wanted && _notBefore < _silentFrom ? _notBefore : _silentFrom) - time.GetUtcNow();

    public void Want(bool everything = false)
    {
        _wanted = true;
        Everything |= everything;
    }

    /// <summary>Control is there: the silence begins anew.</summary>
    public void Heard()
    {
        _silentFrom = time.GetUtcNow() + _silence;
        control.Heard();
    }

    public void Succeeded()
    {
        (_wanted, Everything, _pause) = (false, false, FirstPause);
        Heard();
    }

    /// <summary>The next fetch comes after a pause, the one after it after a longer one.</summary>
    public void Failed()
    {
        _wanted = true;
        _notBefore = time.GetUtcNow() + _pause;
        _silentFrom = _notBefore + _silence;
        _pause = _pause * 2 < _maxPause ? _pause * 2 : _maxPause;
    }
}
