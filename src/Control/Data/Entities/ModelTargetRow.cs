using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>Where a model's requests go; tried in the order of <see cref="Ordinal"/>.</summary>
internal sealed class ModelTargetRow
{
    public TenantId TenantId { get; init; }

    public ModelId ModelId { get; init; }

    public int Ordinal { get; init; }

    /// <summary>The model's own tenant, or <see cref="TenantId.Platform"/> for a shared pool.</summary>
    public TenantId PoolTenantId { get; init; }

    public PoolId PoolId { get; init; }

    public required string UpstreamModel { get; init; }

    public int Weight { get; init; }

    /// <summary>0 is tried first; a higher tier is a fallback, taken when no target of the lower ones answered.</summary>
    public int Tier { get; init; }
}
