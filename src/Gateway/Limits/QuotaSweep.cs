using Platform.Gateway.Configuration;

namespace Platform.Gateway.Limits;

/// <summary>Forgets what quotas of which nothing has to be remembered had been used for.</summary>
internal sealed class QuotaSweep(QuotaStates states, CurrentSnapshot current, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (current.Value is { } snapshot)
                states.Sweep(snapshot, time.GetUtcNow());
        }
    }
}
