using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts.Configuration;
using Platform.Contracts.Usage;
using Platform.Control.Data;

namespace Platform.Control.Usage;

/// <summary>
/// Stores batches, each in one transaction: the records that are new, their sums in the totals, what is refused in the
/// quarantine, and the journals' watermarks. A repeat, whole or in part, changes nothing.
/// </summary>
internal sealed class Ledger(Database database, Quarantine quarantine, UsageMeter meter, ILogger<Ledger> log)
{
    private const int MaxKnownDays = 1000;

    private readonly ConcurrentDictionary<DateOnly, bool> _partitions = new();

    public async Task StoreAsync(CheckedBatch batch, CancellationToken ct)
    {
        try
        {
            await StoreWholeAsync(batch, ct);
        }
        catch (Exception e) when (DataFault(e) is { } fault)
        {
            // A day's partition may be gone since it was made: it is asked for again.
            _partitions.Clear();
            if (batch.Good.Count == 1)
            {
                await StoreWholeAsync(batch.Refuse(_ => $"{QuarantineReasons.RefusedByDatabase}_{fault.SqlState}"), ct);
                return;
            }
            log.BatchRefused(e);
            await StoreWholeAsync(batch with { Good = [] }, ct);
            foreach (var record in batch.Good)
                await StoreAsync(batch with { Good = [record], Bad = [] }, ct);
        }
    }

    private async Task StoreWholeAsync(CheckedBatch batch, CancellationToken ct)
    {
        await EnsurePartitionsAsync(batch.Good, ct);
        var done = await database.InIngestAsync((db, token) => StoreInAsync(db, batch, token), ct);
        meter.Stored(done.Stored, done.Batch.Good.Count - done.Stored);
        if (done.NewlyRefused > 0)
            quarantine.Report(batch.Agent.Id, done.Batch.Bad);
    }

    private static async Task<Done> StoreInAsync(ControlDb db, CheckedBatch batch, CancellationToken ct)
    {
        var served = await ServedTenantsAsync(db, batch, ct);
        var final = batch.Refuse(r => served(r) ? null : QuarantineReasons.TenantNotServed);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var stored = final.Good.Count == 0 ? 0 : await LedgerInsert.RunAsync(connection, final.Good, final.ReceivedAt, ct);
        var refused = await Quarantine.InsertAsync(db, final.Agent.Id, final.Bad, final.ReceivedAt, ct);
        await Watermarks.AdvanceAsync(connection, final, ct);
        return new(final, stored, refused);
    }

    /// <summary>
    /// A group's agents may report for the tenants that the group serves, and for one that left it what they dispatched
    /// before they were told: the tombstone's revision says when that was.
    /// </summary>
    private static async Task<Func<UsageRecord, bool>> ServedTenantsAsync(ControlDb db, CheckedBatch batch, CancellationToken ct)
    {
        var asked = batch.Good.Select(r => r.TenantId).Distinct().ToArray();
        var group = batch.Agent.Group;
        var served = await db.Tenants.Where(t => asked.Contains(t.Id) && t.GroupName == group).Select(t => t.Id).ToListAsync(ct);
        var known = served.ToHashSet();
        if (known.Count == asked.Length)
            return _ => true;
        var left = await db.ConfigResources
            .Where(r => r.GroupName == group && r.Kind == ConfigKinds.Tenant && asked.Contains(r.TenantId))
            .Select(r => new { r.TenantId, r.Revision })
            .ToDictionaryAsync(r => r.TenantId, r => r.Revision, ct);
        return r => known.Contains(r.TenantId) || (left.TryGetValue(r.TenantId, out var revision) && r.ConfigRevision < revision);
    }

    private async Task EnsurePartitionsAsync(IReadOnlyList<UsageRecord> records, CancellationToken ct)
    {
        var missing = records.Select(UsageCopy.Day).Distinct().Where(d => !_partitions.ContainsKey(d)).Order().ToList();
        if (missing.Count == 0)
            return;
        await database.InIngestAsync(
            async (db, token) =>
            {
                foreach (var day in missing)
                    await db.Database.ExecuteSqlAsync($"SELECT ensure_usage_partition({day})", token);
                return true;
            },
            ct);
        if (_partitions.Count > MaxKnownDays)
            _partitions.Clear();
        foreach (var day in missing)
            _partitions[day] = true;
    }

    /// <summary>Classes 22 and 23: the data's fault, which trying again does not mend.</summary>
    private static PostgresException? DataFault(Exception? e) =>
        e switch
        {
            null => null,
            PostgresException p when p.SqlState.StartsWith("22", StringComparison.Ordinal) || p.SqlState.StartsWith("23", StringComparison.Ordinal) => p,
            _ => DataFault(e.InnerException),
        };

    /// <param name="Batch">As it was stored, with the tenants checked.</param>
    private sealed record Done(CheckedBatch Batch, int Stored, int NewlyRefused);
}
