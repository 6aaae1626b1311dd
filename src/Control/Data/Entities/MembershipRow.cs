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

    public DateTimeOffset CreatedAt { get; init; }
}
