using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Api;

/// <summary>POST /api/v1/tenants/{tenantId}/models, and PUT on one of them.</summary>
public sealed record ModelRequest
{
    /// <summary>What callers send; see <see cref="ModelName"/>. Unique among the tenant's own names and aliases.</summary>
    [Required, RegularExpression("^[A-Za-z0-9._:/@-]{1,128}$")]
    public string Name { get; init; } = "";

    /// <summary>Other names that callers may send; of the same form as <see cref="Name"/>.</summary>
    [Required, MaxLength(16), NoNulls]
    public IReadOnlyList<string> Aliases { get; init; } = [];

    [StringLength(2000)]
    public string? Description { get; init; }

    /// <summary>Tokens, prompt and answer together.</summary>
    [Range(1, 100_000_000)]
    public int? ContextWindow { get; init; }

    /// <summary>How requests for it are tried; null for the agent's settings.</summary>
    public ModelRouting? Routing { get; init; }

    /// <summary>By tier, in each by weight.</summary>
    [Required, MinLength(1), MaxLength(16), NoNulls]
    public IReadOnlyList<ModelTargetRequest> Targets { get; init; } = [];

    /// <summary>
    /// For the platform's models: the only tenants that the model is offered to; null for all of them. Left out for a
    /// tenant's own model.
    /// </summary>
    [MaxLength(10_000)]
    public IReadOnlyList<TenantId>? OfferedTo { get; init; }
}

public sealed record ModelTargetRequest
{
    /// <summary>A pool of the same tenant, or a shared one that the tenant's agents hold.</summary>
    [Required]
    public PoolId PoolId { get; init; }

    /// <summary>The engine's name of the model; the model's own name when left out.</summary>
    [StringLength(200, MinimumLength = 1)]
    public string? UpstreamModel { get; init; }

    /// <summary>Share among the targets of its tier.</summary>
    [Range(1, 1000)]
    public int Weight { get; init; } = 1;

    /// <summary>0 is tried first; a higher tier is a fallback, taken when no target of the lower ones answered.</summary>
    [Range(0, 15)]
    public int Tier { get; init; }
}

/// <param name="Shared">True for a model of the platform's catalog.</param>
/// <param name="OfferedTo">For operators only: the tenants that it is offered to; null for all.</param>
public sealed record ModelAnswer(
    ModelId Id,
    ModelName Name,
    string OwnedBy,
    bool Shared,
    IReadOnlyList<ModelTargetAnswer> Targets,
    DateTimeOffset CreatedAt,
    IReadOnlyList<ModelName> Aliases,
    string? Description,
    int? ContextWindow,
    IReadOnlyList<TenantId>? OfferedTo,
    long Version,
    ModelRouting? Routing = null) : IVersioned;

public sealed record ModelTargetAnswer(PoolId PoolId, string UpstreamModel, int Weight, int Tier);

/// <summary>GET /api/v1/tenants/{tenantId}/catalog: a model that the tenant's callers may name.</summary>
/// <param name="Engines">The engines behind it, in the order they are tried.</param>
public sealed record CatalogEntryAnswer(
    ModelId Id,
    ModelName Name,
    IReadOnlyList<ModelName> Aliases,
    string OwnedBy,
    bool Shared,
    string? Description,
    int? ContextWindow,
    IReadOnlyList<string> Engines);
