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
        var (records, _) = await Eventually.GetAsync(
            tenant.RecordsAsync, r => ids.All(r.ContainsKey), patience, TimeSpan.FromMilliseconds(500));
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
        totals.InputTokens.ShouldBe(records.Values.Sum(r => r.InputTokens));
        totals.OutputTokens.ShouldBe(records.Values.Sum(r => r.OutputTokens));
        return records;
    }
}
