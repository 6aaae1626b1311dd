using Platform.Contracts.Api;

namespace Platform.Portal.Usage;

/// <summary>Totals of usage by something.</summary>
internal static class UsageBreakdown
{
    /// <summary>One total for each key, the most tokens first.</summary>
    public static IReadOnlyList<KeyValuePair<TKey, UsageTotals>> By<TKey>(IEnumerable<UsageRow> rows, Func<UsageRow, TKey> key)
        where TKey : notnull =>
        [.. Totals(rows, key).OrderByDescending(e => e.Value.InputTokens + e.Value.OutputTokens).ThenByDescending(e => e.Value.Requests)];

    /// <summary>One total for each start of a bucket, the latest first.</summary>
    public static IReadOnlyList<KeyValuePair<DateTimeOffset, UsageTotals>> ByStart(IEnumerable<UsageRow> rows) =>
        [.. Totals(rows, r => r.Start).OrderByDescending(e => e.Key)];

    private static Dictionary<TKey, UsageTotals> Totals<TKey>(IEnumerable<UsageRow> rows, Func<UsageRow, TKey> key)
        where TKey : notnull =>
        rows.GroupBy(key).ToDictionary(g => g.Key, g => g.Select(r => r.Totals).Aggregate(Add));

    private static UsageTotals Add(UsageTotals a, UsageTotals b) => new(
        a.Requests + b.Requests,
        a.Errors + b.Errors,
        a.InputTokens + b.InputTokens,
        a.CachedInputTokens + b.CachedInputTokens,
        a.OutputTokens + b.OutputTokens,
        a.ReasoningTokens + b.ReasoningTokens);
}
