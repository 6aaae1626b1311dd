using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>A customer organisation; the row <see cref="TenantId.Platform"/> owns what is shared.</summary>
internal sealed class TenantRow
{
    public TenantId Id { get; init; }

    public required string Name { get; set; }

    public required string Slug { get; set; }

    public AgentGroupName GroupName { get; set; }

    public bool Suspended { get; set; }

    /// <summary>Whether a suspension also ends streams that run.</summary>
    public bool EndsStreams { get; set; }

    /// <summary>When it was closed for good; from then on only the ledger remembers it.</summary>
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>Grows with each change; the resource's ETag.</summary>
    public long Version { get; set; } = 1;

    public DateTimeOffset CreatedAt { get; init; }
}
