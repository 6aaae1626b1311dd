using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;
using Platform.Control.Data;
using Platform.Control.Delivery;

namespace Platform.Control.Usage;

/// <summary>
/// Looks for sequences that are missing in a boot's journal for longer than the records on their way explain, alarms, and
/// asks the agent to send them again. The Control that publishes configuration does it.
/// </summary>
internal sealed class GapWatch(
    Database database,
    ConfigPublisher publisher,
    ConfigBroadcast broadcast,
    TimeProvider time,
    UsageMeter meter,
    ILogger<GapWatch> log) : BackgroundService
{
    /// <summary>So long a journal may stand still with something missing.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Ranges asked for at a time, of one boot.</summary>
    private const int RangesAtOnce = 8;

    /// <summary>Sequences in one range asked for: twenty batches.</summary>
    private const int MaxRange = 20 * UsageBatch.MaxRecords;

    /// <summary>Boots looked at in one round, those that wait longest first.</summary>
    private const int MaxBoots = 1000;

    private const string Query =
        """
        SELECT w.agent_id, w.boot_id, a.group_name, w.contiguous, lower(r), upper(r) - 1
        FROM (SELECT * FROM journal_watermarks WHERE contiguous < greatest(head, highest) AND stalled_since < $1
              ORDER BY stalled_since LIMIT $2) AS w
        JOIN agents a ON a.id = w.agent_id AND a.revoked_at IS NULL
        CROSS JOIN LATERAL (
            SELECT r FROM unnest(int8multirange(int8range(1, greatest(w.head, w.highest), '[]')) - w.received) AS r ORDER BY r LIMIT $3) AS missing
        ORDER BY w.agent_id, w.boot_id, r
        """;

    private readonly ReplayBackoff _backoff = new(time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await NextAsync(timer, stoppingToken))
        {
            try
            {
                if (publisher.IsActive)
                    await LookAsync(stoppingToken);
                else
                    meter.OpenGaps(0);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.GapWatchInterrupted(e);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>One round.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        var gaps = await database.InIngestAsync(FindAsync, ct);
        var boots = gaps.Select(g => (g.Agent, g.Boot)).ToHashSet();
        meter.OpenGaps(boots.Count);
        _backoff.KeepOnly(boots);
        foreach (var boot in gaps.GroupBy(g => (g.Agent, g.Boot)))
            if (_backoff.IsDue(boot.Key.Agent, boot.Key.Boot, boot.First().Contiguous))
                foreach (var gap in boot)
                    await AskAsync(gap, ct);
    }

    private async Task AskAsync(Gap gap, CancellationToken ct)
    {
        var last = Math.Min(gap.To, gap.From + MaxRange - 1);
        log.ReplayRequested(gap.Agent, gap.Boot, gap.From, last);
        meter.ReplayRequested();
        await broadcast.SendReplayAsync(gap.Group, new(gap.Agent, gap.Boot, gap.From, last), ct);
    }

    private async Task<List<Gap>> FindAsync(ControlDb db, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Query, (NpgsqlConnection)db.Database.GetDbConnection());
        command.Parameters.Add(new() { Value = (time.GetUtcNow() - Patience).UtcDateTime });
        command.Parameters.Add(new() { Value = MaxBoots });
        command.Parameters.Add(new() { Value = RangesAtOnce });
        var gaps = new List<Gap>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            gaps.Add(new(
                new(reader.GetGuid(0)), new(reader.GetGuid(1)), AgentGroupName.Parse(reader.GetString(2)), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5)));
        return gaps;
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private sealed record Gap(AgentId Agent, BootId Boot, AgentGroupName Group, long Contiguous, long From, long To);
}
