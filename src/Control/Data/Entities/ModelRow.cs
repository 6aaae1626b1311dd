using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>A name that callers send; part of the catalog when its tenant is <see cref="TenantId.Platform"/>.</summary>
internal sealed class ModelRow
{
    public TenantId TenantId { get; init; }

    public ModelId Id { get; init; }

    public ModelName Name { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public List<ModelTargetRow> Targets { get; init; } = [];
}
