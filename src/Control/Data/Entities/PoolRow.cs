using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>Endpoints of one engine; a shared pool when its tenant is <see cref="TenantId.Platform"/>.</summary>
internal sealed class PoolRow
{
    public TenantId TenantId { get; init; }

    public PoolId Id { get; init; }

    public required string Name { get; set; }

    public required string Engine { get; set; }

    public AgentGroupName GroupName { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Set when it was deleted; usage still refers to it.</summary>
    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>Grows with each change of the pool, its endpoints or its provider key.</summary>
    public long Version { get; set; } = 1;

    public List<EndpointRow> Endpoints { get; init; } = [];

    public ProviderKeyRow? ProviderKey { get; set; }
}
