using System.Text.Json;
using Platform.Contracts.Api;
using Platform.Control.Audit;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Access;

/// <summary>Writes refused calls to the trails, some at a time; what the database does not take after a few tries is dropped and counted.</summary>
internal sealed class DenialWriter(Denials denials, Database database, AccessMeter meter, TimeProvider time, ILogger<DenialWriter> logger) : BackgroundService
{
    private const int BatchSize = 100;
    private const int Tries = 4;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        denials.Complete();
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not with the stopping token: what waits is still written when the process ends.
        while (await denials.Waiting.WaitToReadAsync(CancellationToken.None))
        {
            var batch = new List<Denial>(BatchSize);
            while (batch.Count < BatchSize && denials.Waiting.TryRead(out var denial))
                batch.Add(denial);
            await WriteAsync(batch, stoppingToken);
        }
    }

    private async Task WriteAsync(List<Denial> batch, CancellationToken stopping)
    {
        var wait = FirstWait;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await database.InPlatformAsync((db, ct) => InsertAsync(db, batch, ct), CancellationToken.None);
                return;
            }
            catch (Exception e) when (attempt < Tries && !stopping.IsCancellationRequested)
            {
                Log.DenialsDelayed(logger, batch.Count, e);
                await Task.Delay(wait, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                wait *= 2;
            }
            catch (Exception e)
            {
                Log.DenialsLost(logger, batch.Count, e);
                meter.Dropped(batch.Count);
                return;
            }
        }
    }

    private static async Task<int> InsertAsync(ControlDb db, List<Denial> batch, CancellationToken ct)
    {
        var open = await OpenTrails.AmongAsync(db, batch.Select(d => d.Trail), ct);
        db.AuditEvents.AddRange(batch.Where(d => open.Contains(d.Trail)).Select(Row));
        return await db.SaveChangesAsync(ct);
    }

    private static AuditEventRow Row(Denial denial) => new()
    {
        TenantId = denial.Trail,
        Id = Guid.CreateVersion7(denial.At),
        At = denial.At,
        Actor = denial.Actor.Principal,
        ActorKind = denial.Actor.Kind,
        ActorName = denial.Actor.Name,
        Address = denial.Actor.Address,
        UserAgent = denial.Actor.UserAgent,
        Outcome = AuditOutcomes.Denied,
        Action = "access.denied",
        Target = denial.Target,
        Details = JsonSerializer.SerializeToElement(new { right = denial.Right, tenant = denial.Tenant, code = denial.Code }, JsonSerializerOptions.Web),
    };
}
