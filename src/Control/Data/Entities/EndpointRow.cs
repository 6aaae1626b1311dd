using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>One replica of a pool.</summary>
internal sealed class EndpointRow
{
    public TenantId TenantId { get; init; }

    public PoolId PoolId { get; init; }

    public EndpointId Id { get; init; }

    public required string Url { get; set; }

    /// <summary>Set while it takes no new requests and finishes those that it has.</summary>
    public DateTimeOffset? DrainingSince { get; set; }

    /// <summary>Requests that it serves at once, where the operator knows; null to learn it.</summary>
    public int? Capacity { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Set when it was removed; usage still refers to it.</summary>
    public DateTimeOffset? RemovedAt { get; set; }
}
