using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>Endpoints of one engine; a shared pool when its tenant is <see cref="TenantId.Platform"/>.</summary>
internal sealed class PoolRow
{
    public TenantId TenantId { get; init; }

    public PoolId Id { get; init; }

    public required string Name { get; set; }

    public required string Engine { get; init; }

    public AgentGroupName GroupName { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public List<EndpointRow> Endpoints { get; init; } = [];

    public ProviderKeyRow? ProviderKey { get; set; }
}
