using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Gateway.Configuration;

/// <summary>Faults of quotas, budgets and prices, each naming the entry.</summary>
internal static class LimitChecks
{
    public static bool IsGood(QuotaEntry? quota) => quota is not null && !Faults(quota).Any();

    public static bool IsGood(BudgetEntry? budget) => budget is not null && !Faults(budget).Any();

    public static void CheckQuotas(IReadOnlyList<QuotaEntry>? quotas, List<string> faults) => Check(quotas, "quota", q => q.Id, Faults, faults);

    public static void CheckBudgets(IReadOnlyList<BudgetEntry>? budgets, List<string> faults) => Check(budgets, "budget", b => b.Id, Faults, faults);

    public static void CheckPrices(IReadOnlyList<PriceEntry>? prices, List<string> faults) => Check(prices, "price", p => p.Id, Faults, faults);

    private static void Check<T>(
        IReadOnlyList<T>? entries, string what, Func<T, Guid> idOf, Func<T, IEnumerable<string>> faultsOf, List<string> faults)
        where T : class
    {
        if (entries is { Count: 0 })
            return;
        if (entries is null || entries.Contains(null!))
        {
            faults.Add($"The list of {what}s is null, or has a null in it.");
            return;
        }
        foreach (var entry in entries)
            faults.AddRange(faultsOf(entry).Select(f => $"The {what} '{idOf(entry)}' {f}."));
        foreach (var twice in entries.GroupBy(idOf).Where(g => g.Count() > 1))
            faults.Add($"The {what} '{twice.Key}' is listed more than once.");
    }

    private static IEnumerable<string> Faults(QuotaEntry quota)
    {
        foreach (var fault in ScopeFaults(quota.Scope, quota.ScopeId))
            yield return fault;
        if (quota.Model is not null && !ModelName.TryParse(quota.Model, null, out _))
            yield return "is for a model without a name";
        if (quota.Limits is not { } limits)
            yield return "has no limits";
        else if (limits.RequestsPerMinute < 0 || limits.RequestsPerDay < 0 || limits.TokensPerMinute < 0 || limits.TokensPerDay < 0 || limits.ConcurrentRequests < 0)
            yield return "has a negative limit";
    }

    private static IEnumerable<string> Faults(BudgetEntry budget)
    {
        foreach (var fault in ScopeFaults(budget.Scope, budget.ScopeId))
            yield return fault;
        if (string.IsNullOrEmpty(budget.Name))
            yield return "has no name";
        if (budget.Amount < 0)
            yield return "has a negative amount";
        if (!IsCurrency(budget.Currency))
            yield return "has no currency of three capital letters";
        if (budget.Window is not (BudgetWindows.Day or BudgetWindows.Week or BudgetWindows.Month or BudgetWindows.Quarter))
            yield return $"has a window '{budget.Window}' that is not known";
        if (budget.TimeZone is null || !TimeZoneInfo.TryFindSystemTimeZoneById(budget.TimeZone, out _))
            yield return $"has a time zone '{budget.TimeZone}' that is not known";
        if (budget.Thresholds is not { } thresholds)
            yield return "has no list of thresholds";
        else if (thresholds.Any(t => t < 1) || thresholds.Zip(thresholds.Skip(1)).Any(pair => pair.First >= pair.Second))
            yield return "has thresholds that do not rise";
    }

    private static IEnumerable<string> Faults(PriceEntry price)
    {
        if (!ModelName.TryParse(price.Model, null, out _))
            yield return "is for a model without a name";
        if (!IsCurrency(price.Currency))
            yield return "has no currency of three capital letters";
        if (price.EffectiveTo <= price.EffectiveFrom)
            yield return "ends before it begins";
        if (price.Price is not { } spec)
            yield return "has no amounts";
        else if (spec.InputPerMillion < 0 || spec.CachedInputPerMillion < 0 || spec.CacheWritePerMillion < 0 || spec.OutputPerMillion < 0
            || spec.ReasoningPerMillion < 0 || spec.PerRequest < 0 || spec.PerImage < 0 || spec.PerSecond < 0)
            yield return "has a negative amount";
    }

    /// <summary>A project or key has an id, a tenant none.</summary>
    private static IEnumerable<string> ScopeFaults(string? scope, Guid? id)
    {
        if (scope is not (LimitScopes.Tenant or LimitScopes.Project or LimitScopes.Key))
            yield return $"has a scope '{scope}' that is not known";
        else if (scope == LimitScopes.Tenant != id is null)
            yield return $"has a scope '{scope}' {(id is null ? "without" : "with")} an id";
    }

    private static bool IsCurrency(string? text) => text is { Length: 3 } && text.All(char.IsAsciiLetterUpper);
}
