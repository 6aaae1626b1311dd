using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Configuration;

public sealed record TenantDocument : WireDocument
{
    public required TenantId Id { get; init; }

    public required string Slug { get; init; }

    /// <summary>A suspended tenant's callers get 403 <c>tenant_suspended</c>.</summary>
    public bool Suspended { get; init; }

    /// <summary>Whether the suspension also ends streams that run.</summary>
    public bool EndsStreams { get; init; }

    /// <summary>The tenant's own models; they win over the catalog's of the same name.</summary>
    public IReadOnlyList<ModelEntry> Models { get; init; } = [];

    /// <summary>The operator's ceilings and the tenant's own quotas; each holds.</summary>
    public IReadOnlyList<QuotaEntry> Quotas { get; init => field = value ?? []; } = [];

    public IReadOnlyList<BudgetEntry> Budgets { get; init => field = value ?? []; } = [];

    /// <summary>The tenant's own policies, after the platform's, in the order that they are applied.</summary>
    public IReadOnlyList<GuardrailPolicyEntry> Guardrails { get; init => field = value ?? []; } = [];

    /// <summary>What holds of the operator's and the tenant's own policy together; null where neither said anything.</summary>
    public IsolationSpec? Isolation { get; init; }

    /// <summary>Null where the tenant said nothing.</summary>
    public TrafficSpec? Traffic { get; init; }

    /// <summary>
    /// Mixed into the prefix cache of shared engines; sealed with kind <see cref="SealedSecret.CacheSaltKind"/> and the
    /// tenant's id. Null for none.
    /// </summary>
    public SealedSecret? CacheSalt { get; init; }

    /// <summary>Prices that hold for this tenant instead of the platform's.</summary>
    public IReadOnlyList<PriceEntry> Prices { get; init => field = value ?? []; } = [];
}

/// <param name="Id">The model's id.</param>
/// <param name="Name">What the caller sends.</param>
/// <param name="OwnedBy">Shown in <c>/v1/models</c>: the owner's slug.</param>
/// <param name="Created">Shown in <c>/v1/models</c> in unix seconds.</param>
/// <param name="Targets">By tier, in each in the order of the model.</param>
/// <param name="Aliases">Other names that callers may send; none where it is null.</param>
/// <param name="OfferedTo">The only tenants that see a model of the catalog; null for all.</param>
/// <param name="ContextWindow">Tokens, prompt and answer together; null where nobody said.</param>
/// <param name="Routing">Null for the agent's settings.</param>
public sealed record ModelEntry(
    ModelId Id,
    ModelName Name,
    string OwnedBy,
    DateTimeOffset Created,
    IReadOnlyList<ModelTarget> Targets,
    IReadOnlyList<ModelName>? Aliases = null,
    IReadOnlyList<TenantId>? OfferedTo = null,
    int? ContextWindow = null,
    ModelRouting? Routing = null);

/// <summary>How requests for one model are tried; null leaves a member to the agent's settings.</summary>
/// <param name="TrySeconds">Seconds that one try may take to its answer's first byte; 0 for no bound but the whole request's.</param>
/// <param name="FallBackOnContextLength">Whether a prompt too long for one target is sent to those of the next tier.</param>
/// <param name="HedgeAfterMs">Milliseconds without a first byte after which a second try runs beside the first; null for never.</param>
public sealed record ModelRouting(
    [property: Range(0, 3600)] int? TrySeconds = null,
    bool? FallBackOnContextLength = null,
    [property: Range(10, 60_000)] int? HedgeAfterMs = null);

/// <param name="PoolId">Where to send the request.</param>
/// <param name="UpstreamModel">The name the pool's engine knows the model by.</param>
/// <param name="Weight">Relative share among the targets of its tier, at least 1.</param>
/// <param name="Tier">0 is tried first; a higher tier is a fallback.</param>
public sealed record ModelTarget(PoolId PoolId, string UpstreamModel, int Weight = 1, int Tier = 0);
