using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Configuration;

namespace Platform.Contracts.Api;

/// <summary>POST /api/v1/tenants/{tenantId}/budgets, and the operator's below /api/v1/operator/tenants/{tenantId}/budgets.</summary>
public sealed record BudgetRequest
{
    /// <summary>Unique among the tenant's budgets, whoever set them.</summary>
    [Required, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";

    /// <summary>One of <see cref="LimitScopes"/>.</summary>
    [Required, AllowedValues(LimitScopes.Tenant, LimitScopes.Project, LimitScopes.Key)]
    public string Scope { get; init; } = LimitScopes.Tenant;

    /// <summary>The project or key; left out for the tenant.</summary>
    public Guid? ScopeId { get; init; }

    [Amount]
    public decimal Amount { get; init; }

    [Required, Currency]
    public string Currency { get; init; } = "";

    /// <summary>One of <see cref="BudgetWindows"/>.</summary>
    [Required, AllowedValues(BudgetWindows.Day, BudgetWindows.Week, BudgetWindows.Month, BudgetWindows.Quarter)]
    public string Window { get; init; } = BudgetWindows.Month;

    /// <summary>Windows begin at midnight there; weeks on Monday.</summary>
    [Required, TimeZoneName]
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Percents of the amount that alert, rising.</summary>
    [Required, RisingPercents]
    public IReadOnlyList<int> Thresholds { get; init; } = [50, 80, 100];

    /// <summary>Requests are refused when the amount is spent; else it only alerts.</summary>
    public bool HardStop { get; init; }
}

/// <summary>PUT on a budget. Whom it is for never changes.</summary>
public sealed record UpdateBudgetRequest
{
    /// <inheritdoc cref="BudgetRequest.Name"/>
    [Required, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";

    [Amount]
    public decimal Amount { get; init; }

    [Required, Currency]
    public string Currency { get; init; } = "";

    /// <inheritdoc cref="BudgetRequest.Window"/>
    [Required, AllowedValues(BudgetWindows.Day, BudgetWindows.Week, BudgetWindows.Month, BudgetWindows.Quarter)]
    public string Window { get; init; } = BudgetWindows.Month;

    /// <inheritdoc cref="BudgetRequest.TimeZone"/>
    [Required, TimeZoneName]
    public string TimeZone { get; init; } = "UTC";

    /// <inheritdoc cref="BudgetRequest.Thresholds"/>
    [Required, RisingPercents]
    public IReadOnlyList<int> Thresholds { get; init; } = [50, 80, 100];

    /// <inheritdoc cref="BudgetRequest.HardStop"/>
    public bool HardStop { get; init; }
}

/// <param name="SetBy">One of <see cref="LimitSetters"/>; what the operator set, a tenant only reads.</param>
public sealed record BudgetAnswer(
    Guid Id,
    string Name,
    string Scope,
    Guid? ScopeId,
    decimal Amount,
    string Currency,
    string Window,
    string TimeZone,
    IReadOnlyList<int> Thresholds,
    bool HardStop,
    string SetBy,
    DateTimeOffset CreatedAt,
    long Version) : IVersioned;
