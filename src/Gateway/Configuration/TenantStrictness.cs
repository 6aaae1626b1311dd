using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Platform.Contracts.Configuration;
using Platform.Contracts.Json;

namespace Platform.Gateway.Configuration;

/// <summary>
/// What a tenant's document takes away takes effect whatever else is wrong with it: a suspension, and that it ends
/// streams, networks, pools and authorities of callers that are no longer allowed, that nothing is kept, limits that were
/// lowered or added. Each member is read alone.
/// </summary>
internal static class TenantStrictness
{
    /// <summary>The last good model made as strict as the document asks; null where it asks for nothing stricter.</summary>
    public static TenantModel? Apply(TenantModel lastGood, ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            var stricter = Of(lastGood, document.RootElement);
            return stricter == lastGood ? null : stricter;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TenantModel Of(TenantModel lastGood, JsonElement root)
    {
        var isolation = Member(root, "isolation", WireJson.Default.IsolationSpec);
        var quotas = Member(root, "quotas", WireJson.Default.IReadOnlyListQuotaEntry);
        var budgets = Member(root, "budgets", WireJson.Default.IReadOnlyListBudgetEntry);
        return lastGood with
        {
            Suspended = lastGood.Suspended || Says(root, "suspended"),
            EndsStreams = lastGood.EndsStreams || Says(root, "endsStreams"),
            Isolation = isolation is null ? lastGood.Isolation : lastGood.Isolation.AndAlso(isolation),
            Policies = quotas is null && budgets is null ? lastGood.Policies : lastGood.Policies with
            {
                Quotas = Lower(lastGood.Policies.Quotas, quotas ?? []),
                Budgets = Lower(lastGood.Policies.Budgets, budgets ?? []),
            },
        };
    }

    private static bool Says(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static T? Member<T>(JsonElement root, string name, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return root.TryGetProperty(name, out var value) ? value.Deserialize(type) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<QuotaEntry> Lower(IReadOnlyList<QuotaEntry> mine, IReadOnlyList<QuotaEntry> asked)
    {
        var good = asked.Where(LimitChecks.IsGood).DistinctBy(q => q.Id).ToDictionary(q => q.Id);
        var lowered = mine.Select(q => good.Remove(q.Id, out var other) ? q with { Limits = Least(q.Limits, other.Limits) } : q).ToList();
        return [.. lowered, .. good.Values];
    }

    private static QuotaSpec Least(QuotaSpec a, QuotaSpec b) => new(
        IsolationModel.Least(a.RequestsPerMinute, b.RequestsPerMinute),
        IsolationModel.Least(a.RequestsPerDay, b.RequestsPerDay),
        IsolationModel.Least(a.TokensPerMinute, b.TokensPerMinute),
        IsolationModel.Least(a.TokensPerDay, b.TokensPerDay),
        IsolationModel.Least(a.ConcurrentRequests, b.ConcurrentRequests));

    private static List<BudgetEntry> Lower(IReadOnlyList<BudgetEntry> mine, IReadOnlyList<BudgetEntry> asked)
    {
        var good = asked.Where(LimitChecks.IsGood).DistinctBy(b => b.Id).ToDictionary(b => b.Id);
        var lowered = mine.Select(b => good.Remove(b.Id, out var other) && other.Currency == b.Currency && other.Window == b.Window
            ? b with { Amount = Math.Min(b.Amount, other.Amount), HardStop = b.HardStop || other.HardStop }
            : b).ToList();
        return [.. lowered, .. good.Values];
    }
}
