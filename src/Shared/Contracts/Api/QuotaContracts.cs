using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Configuration;

namespace Platform.Contracts.Api;

/// <summary>Who set a limit.</summary>
public static class LimitSetters
{
    public const string Tenant = "tenant";
    public const string Operator = "operator";
}

/// <summary>POST /api/v1/tenants/{tenantId}/quotas, and the operator's ceilings below /api/v1/operator/tenants/{tenantId}/quotas.</summary>
public sealed record QuotaRequest
{
    /// <summary>One of <see cref="LimitScopes"/>.</summary>
    [Required, AllowedValues(LimitScopes.Tenant, LimitScopes.Project, LimitScopes.Key)]
    public string Scope { get; init; } = LimitScopes.Tenant;

    /// <summary>The project or key; left out for the tenant.</summary>
    public Guid? ScopeId { get; init; }

    /// <summary>The name that callers send; it need not exist yet. Left out for all models together.</summary>
    [RegularExpression("^[A-Za-z0-9._:/@-]{1,128}$")]
    public string? Model { get; init; }

    [Required, AtLeastOne]
    public QuotaSpec Limits { get; init; } = new();
}

/// <summary>PUT on a quota: its limits. What it is for never changes.</summary>
public sealed record UpdateQuotaRequest
{
    [Required, AtLeastOne]
    public QuotaSpec Limits { get; init; } = new();
}

/// <param name="SetBy">One of <see cref="LimitSetters"/>; what the operator set, a tenant only reads.</param>
public sealed record QuotaAnswer(
    Guid Id, string Scope, Guid? ScopeId, string? Model, QuotaSpec Limits, string SetBy, DateTimeOffset CreatedAt, long Version) : IVersioned;
