namespace Platform.TestKit.Tests.Upstream;

/// <summary>A clock whose timers fire when the test says so.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action _fire = () => { };

    public Task FirstTimer => _first.Task;

    public void Fire() => _fire();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _fire += () => callback(state);
        _first.TrySetResult();
        return new Timer(_ => { }, null, Timeout.Infinite, Timeout.Infinite);
    }
}
