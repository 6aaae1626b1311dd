using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>Two links by which somebody joins a tenant, each with a secret that is stored nowhere.</summary>
internal sealed class InvitationRow
{
    public TenantId TenantId { get; init; }

    public Guid Id { get; init; }

    public required string Email { get; init; }

    /// <summary>One of <see cref="Contracts.Api.TenantRoles"/>.</summary>
    public required string Role { get; init; }

    /// <summary>SHA-256 of the secret in the link that whoever invites gets, 32 bytes.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>The same of the link that is mailed, and so proves the address; null where there is none.</summary>
    public byte[]? MailedTokenHash { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? AcceptedAt { get; set; }

    /// <summary>The principal who took it.</summary>
    public string? AcceptedBy { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}
