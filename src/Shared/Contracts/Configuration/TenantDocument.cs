using Platform.Contracts.Ids;

namespace Platform.Contracts.Configuration;

public sealed record TenantDocument : WireDocument
{
    public required TenantId Id { get; init; }

    public required string Slug { get; init; }

    /// <summary>A suspended tenant's callers get 403 <c>tenant_suspended</c>.</summary>
    public bool Suspended { get; init; }

    /// <summary>The tenant's own models; they win over the catalog's of the same name.</summary>
    public IReadOnlyList<ModelEntry> Models { get; init; } = [];
}

/// <param name="Id">The model's id.</param>
/// <param name="Name">What the caller sends.</param>
/// <param name="OwnedBy">Shown in <c>/v1/models</c>: the owner's slug.</param>
/// <param name="Created">Shown in <c>/v1/models</c> in unix seconds.</param>
/// <param name="Targets">In the order they are tried.</param>
public sealed record ModelEntry(ModelId Id, ModelName Name, string OwnedBy, DateTimeOffset Created, IReadOnlyList<ModelTarget> Targets);

/// <param name="PoolId">Where to send the request.</param>
/// <param name="UpstreamModel">The name the pool's engine knows the model by.</param>
/// <param name="Weight">Relative share among targets, at least 1.</param>
public sealed record ModelTarget(PoolId PoolId, string UpstreamModel, int Weight = 1);
