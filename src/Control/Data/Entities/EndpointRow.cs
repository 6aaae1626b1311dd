using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>One replica of a pool.</summary>
internal sealed class EndpointRow
{
    public TenantId TenantId { get; init; }

    public PoolId PoolId { get; init; }

    public EndpointId Id { get; init; }

    public required string Url { get; init; }
}
