namespace Platform.GpuWorker.Serving;

/// <summary>
/// Keeps simulated time in step with the wall clock. Timers are no finer than a millisecond and steps may be much
/// shorter, so each wait is for the sum of all steps so far, and none happens while the wall clock is ahead.
/// Only the engine's loop moves it; <see cref="Wall"/> may be read by all.
/// </summary>
/// <param name="scale">Seconds of wall clock for one simulated second.</param>
internal sealed class SimulatedClock(TimeProvider time, double scale)
{
    private static readonly TimeSpan TimerGrain = TimeSpan.FromMilliseconds(1);

    // A process that was starved or stopped does not make up for more than this; the rest is counted as lost.
    private static readonly TimeSpan MostLag = TimeSpan.FromMilliseconds(250);

    private readonly long _start = time.GetTimestamp();

    /// <summary>Simulated time that the engine has reached.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Simulated time that the wall clock has reached.</summary>
    public TimeSpan Wall => time.GetElapsedTime(_start) / scale;

    /// <summary>Wall-clock time by which the worker was slower than the GPU it stands for.</summary>
    public TimeSpan Lost { get; private set; }

    /// <summary>Ends an idle time.</summary>
    public void CatchUp()
    {
        if (Wall is var wall && wall > Now)
            Now = wall;
    }

    /// <summary>Waits, as far as needed, until the wall clock has reached <see cref="Now"/> plus <paramref name="duration"/>.</summary>
    public async ValueTask AdvanceAsync(TimeSpan duration, CancellationToken stop)
    {
        Now += duration;
        var ahead = (Now - Wall) * scale;
        if (ahead >= TimerGrain)
        {
            await Task.Delay(ahead, time, stop);
        }
        else if (-ahead > MostLag)
        {
            Lost += -ahead - MostLag;
            Now = Wall - MostLag / scale;
        }
    }
}
