using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>A model of the platform that is offered to one tenant by name.</summary>
internal sealed class ModelOfferRow
{
    /// <summary>Always <see cref="TenantId.Platform"/>.</summary>
    public TenantId TenantId { get; init; }

    public ModelId ModelId { get; init; }

    public TenantId OfferedTo { get; init; }
}
