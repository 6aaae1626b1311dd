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

    /// <summary>Grows with each change of the pool, its endpoints, its provider key or its client certificate.</summary>
    public long Version { get; set; } = 1;

    public List<EndpointRow> Endpoints { get; init; } = [];

    public ProviderKeyRow? ProviderKey { get; set; }

    public ClientCertificateRow? ClientCertificate { get; set; }

    /// <summary>The only operations that it serves; null for all that its engine can.</summary>
    public string[]? Operations { get; set; }

    /// <summary>Certificates in PEM of the only authorities of its endpoints; null for those that the agent's machine trusts.</summary>
    public string[]? TrustedAuthorities { get; set; }
}
