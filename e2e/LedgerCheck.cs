using System.Diagnostics;

namespace Platform.E2E;

/// <summary>Holds the ledger against what callers saw and what the workers did.</summary>
internal static class LedgerCheck
{
    /// <summary>
    /// Waits until every whole answer has its record, then asserts: tokens as the worker counted them; no record without a
    /// request that a worker got; totals equal to the sum of the records.
    /// </summary>
    public static async Task<IReadOnlyDictionary<Guid, ExportedRecord>> HoldsAsync(
        WholeSystem system, TenantUnderTest tenant, IReadOnlyList<ChatOutcome> whole, TimeSpan patience)
    {
        var ids = whole.Select(o => o.RequestId.ShouldNotBeNull()).ToList();
        ids.Distinct().Count().ShouldBe(ids.Count);
        var records = await SettledAsync(tenant, ids, patience);
        var workers = WorkerLogs.Read(system.Platform);
        foreach (var id in ids)
        {
            var finished = workers[id].Where(e => e.Outcome == "finished").ToList();
            var record = records[id];
            finished.ShouldContain(
                e => e.PromptTokens == record.InputTokens && e.CompletionTokens == record.OutputTokens && e.CachedTokens == record.CachedInputTokens,
                $"{record} against {string.Join("; ", workers[id])}");
            record.UsageSource.ShouldBe("provider");
        }
        foreach (var id in records.Keys)
            workers.Contains(id).ShouldBeTrue($"{id} has a record, and no worker ever got it");
        var totals = await tenant.TotalsAsync();
        totals.Requests.ShouldBe(records.Count);
        totals.CachedInputTokens.ShouldBe(records.Values.Sum(r => r.CachedInputTokens));
        totals.InputTokens.ShouldBe(records.Values.Sum(r => r.InputTokens));
        totals.OutputTokens.ShouldBe(records.Values.Sum(r => r.OutputTokens));
        return records;
    }

    /// <summary>
    /// The records once all that were waited for are there, and none came for longer than an agent needs to send what it
    /// has: a late one for a request that nobody waits for would be seen too.
    /// </summary>
    private static async Task<IReadOnlyDictionary<Guid, ExportedRecord>> SettledAsync(TenantUnderTest tenant, List<Guid> ids, TimeSpan patience)
    {
        var seen = 0;
        var since = Stopwatch.StartNew();
        var (records, _) = await Eventually.GetAsync(
            async () =>
            {
                var read = await tenant.RecordsAsync();
                if (read.Count != seen)
                    (seen, since) = (read.Count, Stopwatch.StartNew());
                return read;
            },
            r => ids.All(r.ContainsKey) && since.Elapsed > TimeSpan.FromSeconds(3),
            patience,
            TimeSpan.FromMilliseconds(500));
        return records;
    }
}
