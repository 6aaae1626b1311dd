namespace Platform.Contracts.Configuration;

/// <summary>What a quota or budget is about.</summary>
public static class LimitScopes
{
    public const string Tenant = "tenant";
    public const string Project = "project";
    public const string Key = "key";
}

/// <summary>Calendar windows of budgets; they begin at midnight in the budget's time zone.</summary>
public static class BudgetWindows
{
    public const string Day = "day";
    public const string Week = "week";
    public const string Month = "month";
    public const string Quarter = "quarter";
}
