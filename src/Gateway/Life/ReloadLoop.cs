namespace Platform.Gateway.Life;

/// <summary>Looks at all files that are followed, once a second.</summary>
internal sealed class ReloadLoop(IEnumerable<ReloadedFiles> files, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var followed in files)
                followed.Reload();
        }
    }
}
