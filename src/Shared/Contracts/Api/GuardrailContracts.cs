using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Configuration;

namespace Platform.Contracts.Api;

/// <summary>POST /api/v1/tenants/{tenantId}/guardrail-policies, and PUT on one of them.</summary>
public sealed record GuardrailPolicyRequest
{
    /// <summary>Unique among the tenant's policies.</summary>
    [Required, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";

    public bool Enabled { get; init; } = true;

    /// <summary>Lower ones are applied first; of the same order, by name.</summary>
    [Range(0, 10_000)]
    public int Order { get; init; } = 100;

    [Required]
    public GuardrailSpec Spec { get; init; } = new();
}

/// <param name="Floor">The platform's own: it holds for every tenant, before the tenant's, and a tenant only reads it.</param>
public sealed record GuardrailPolicyAnswer(
    Guid Id, string Name, bool Enabled, int Order, GuardrailSpec Spec, bool Floor, DateTimeOffset CreatedAt, long Version) : IVersioned;
