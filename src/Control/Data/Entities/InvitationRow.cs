using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>A link by which somebody joins a tenant; its secret is stored nowhere.</summary>
internal sealed class InvitationRow
{
    public TenantId TenantId { get; init; }

    public Guid Id { get; init; }

    public required string Email { get; init; }

    /// <summary>One of <see cref="Contracts.Api.TenantRoles"/>.</summary>
    public required string Role { get; init; }

    /// <summary>SHA-256 of the link's secret, 32 bytes.</summary>
    public required byte[] TokenHash { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? AcceptedAt { get; set; }

    /// <summary>The principal who took it.</summary>
    public string? AcceptedBy { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}
