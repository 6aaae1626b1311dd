using Microsoft.EntityFrameworkCore;

namespace Platform.Control.Data;

/// <summary>Once an hour, forgets idempotency keys whose time is over, some at a time.</summary>
internal sealed class IdempotencyPruning(Database database, TimeProvider time, ILogger<IdempotencyPruning> log) : BackgroundService
{
    private const int AtOnce = 5000;

    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <returns>How many were forgotten.</returns>
    public async Task<int> PruneAsync(CancellationToken ct)
    {
        var until = time.GetUtcNow() - IdempotencyKeys.Kept;
        var (all, some) = (0, 0);
        do
        {
            some = await database.InPlatformAsync(
                (db, token) => db.Database.ExecuteSqlAsync(
                    $"""
                     DELETE FROM idempotency_keys WHERE (tenant_id, principal, key) IN
                        (SELECT tenant_id, principal, key FROM idempotency_keys WHERE created_at < {until} ORDER BY created_at LIMIT {AtOnce})
                     """, token),
                ct);
            all += some;
        }
        while (some == AtOnce);
        return all;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await PruneAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                log.PruningFailed(e);
            }
        }
    }
}
