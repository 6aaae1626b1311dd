using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>Ceilings of requests and tokens for a scope; null is no ceiling.</summary>
internal sealed class QuotaRow
{
    public TenantId TenantId { get; init; }

    public Guid Id { get; init; }

    /// <summary>One of <see cref="Contracts.Configuration.LimitScopes"/>.</summary>
    public required string Scope { get; init; }

    /// <summary>The project or key; null for the tenant.</summary>
    public Guid? ScopeId { get; init; }

    /// <summary>Null for all models together.</summary>
    public string? Model { get; init; }

    /// <summary>The operator's ceiling; a tenant's own quota stays below it.</summary>
    public bool IsOperators { get; init; }

    public long? RequestsPerMinute { get; set; }

    public long? RequestsPerDay { get; set; }

    public long? TokensPerMinute { get; set; }

    public long? TokensPerDay { get; set; }

    public int? ConcurrentRequests { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Grows with each change; the resource's ETag.</summary>
    public long Version { get; set; } = 1;
}
