using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>A program of a tenant that signs in by client credentials; its rights are its membership's, within its scopes.</summary>
internal sealed class ServiceClientRow
{
    public TenantId TenantId { get; init; }

    public Guid Id { get; init; }

    /// <summary>The <c>client_id</c>, also the <c>sub</c> of its tokens and the principal of its membership.</summary>
    public required string ClientId { get; init; }

    public required string Name { get; set; }

    /// <summary>What its tokens may be asked for; see <see cref="Contracts.Api.ApiScopes"/>.</summary>
    public string[] Scopes { get; set; } = [];

    public required string CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RotatedAt { get; set; }

    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>Grows with each change; the resource's ETag.</summary>
    public long Version { get; set; } = 1;
}
