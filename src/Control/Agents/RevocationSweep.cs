namespace Platform.Control.Agents;

/// <summary>Finishes revocations that the broker's management API or a crash interrupted.</summary>
internal sealed class RevocationSweep(IServiceScopeFactory scopes, TimeProvider time, ILogger<RevocationSweep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<Revocation>().SweepAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.SweepFailed(e);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
