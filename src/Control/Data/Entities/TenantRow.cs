using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>A customer organisation; the row <see cref="TenantId.Platform"/> owns what is shared.</summary>
internal sealed class TenantRow
{
    public TenantId Id { get; init; }

    public required string Name { get; set; }

    public required string Slug { get; init; }

    public AgentGroupName GroupName { get; set; }

    public bool Suspended { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
}
