using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>A limit in money for a scope and a calendar window.</summary>
internal sealed class BudgetRow
{
    public TenantId TenantId { get; init; }

    public Guid Id { get; init; }

    public required string Name { get; set; }

    /// <summary>One of <see cref="Contracts.Configuration.LimitScopes"/>.</summary>
    public required string Scope { get; init; }

    /// <summary>The project or key; null for the tenant.</summary>
    public Guid? ScopeId { get; init; }

    public bool IsOperators { get; init; }

    public decimal Amount { get; set; }

    /// <summary>ISO 4217, upper case.</summary>
    public required string Currency { get; set; }

    /// <summary>One of <see cref="Contracts.Configuration.BudgetWindows"/>.</summary>
    public required string Window { get; set; }

    /// <summary>IANA name; the window's borders are midnights there.</summary>
    public required string TimeZone { get; set; }

    /// <summary>Percents of the amount that alert, rising.</summary>
    public int[] Thresholds { get; set; } = [];

    /// <summary>Requests are refused when the amount is spent; else it only alerts.</summary>
    public bool HardStop { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Grows with each change; the resource's ETag.</summary>
    public long Version { get; set; } = 1;
}
