namespace Platform.Control.Identity;

/// <summary>Writes refusals that were counted and that no further one came after, and at the end all that are left.</summary>
internal sealed class RefusalWriter(RefusalCounts counts, SecurityEvents events, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await WriteAsync(counts.TakeQuiet());
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WriteAsync(counts.TakeQuiet(all: true));
        }
    }

    private async Task WriteAsync(IReadOnlyList<Refusals> quiet)
    {
        foreach (var refusals in quiet)
            await events.RecordAsync(refusals);
    }
}
