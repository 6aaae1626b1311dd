using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>A principal's role in a tenant.</summary>
internal sealed class MembershipRow
{
    public TenantId TenantId { get; init; }

    /// <summary>The <c>sub</c> of the principal's tokens.</summary>
    public required string Principal { get; init; }

    /// <summary>One of <see cref="Contracts.Api.TenantRoles"/>.</summary>
    public required string Role { get; set; }

    /// <summary>The address that the member is known by here; null for programs.</summary>
    public string? Email { get; set; }

    /// <summary>The identity provider that brought the member, whose groups then decide the role; null for all others.</summary>
    public Guid? IdentityProviderId { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Grows with each change; the resource's ETag.</summary>
    public long Version { get; set; } = 1;
}
