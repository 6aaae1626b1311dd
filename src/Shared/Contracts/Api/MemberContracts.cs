using System.ComponentModel.DataAnnotations;

namespace Platform.Contracts.Api;

/// <summary>PUT /api/v1/tenants/{tenantId}/members/{principal}.</summary>
public sealed record MemberRequest
{
    /// <summary>One of <see cref="TenantRoles"/>.</summary>
    [Required, AllowedValues(TenantRoles.Owner, TenantRoles.Admin, TenantRoles.Developer, TenantRoles.Billing)]
    public string Role { get; init; } = "";
}

/// <param name="Principal">The <c>sub</c> of the member's tokens.</param>
/// <param name="Email">The address that the member is known by here.</param>
/// <param name="IdentityProviderId">The identity provider whose groups decide the role; null where people do.</param>
public sealed record MemberAnswer(
    string Principal, string? Email, string Role, Guid? IdentityProviderId, DateTimeOffset CreatedAt, long Version) : IVersioned;

/// <summary>POST /api/v1/tenants/{tenantId}/invitations.</summary>
public sealed record CreateInvitationRequest
{
    public const int MaxHours = 30 * 24;
    public const int DefaultHours = 7 * 24;

    /// <summary>Who may accept: the account with this address.</summary>
    [Required, StringLength(254), RegularExpression(@"^[^\s@]+@[^\s@]+$")]
    public string Email { get; init; } = "";

    /// <summary>One of <see cref="TenantRoles"/>; only an owner invites owners.</summary>
    [Required, AllowedValues(TenantRoles.Owner, TenantRoles.Admin, TenantRoles.Developer, TenantRoles.Billing)]
    public string Role { get; init; } = "";

    /// <summary>1 to 720; seven days when left out.</summary>
    [Range(1, MaxHours)]
    public int ValidHours { get; init; } = DefaultHours;
}

public static class InvitationStates
{
    public const string Pending = "pending";
    public const string Accepted = "accepted";
    public const string Revoked = "revoked";
    public const string Expired = "expired";
}

/// <param name="State">One of <see cref="InvitationStates"/>.</param>
public sealed record InvitationAnswer(
    Guid Id,
    string Email,
    string Role,
    string State,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? AcceptedAt,
    DateTimeOffset? RevokedAt);

/// <param name="AcceptUrl">
/// A link to hand to the invited person, beside the one that they were mailed. It proves no address: who has no account
/// confirms theirs first. The first answer is the only place where it ever appears; null in a replay.
/// </param>
/// <param name="Replayed">The invitation was made by an earlier request with the same idempotency key.</param>
public sealed record CreatedInvitationAnswer(InvitationAnswer Invitation, Uri? AcceptUrl, bool Replayed = false) : ISecretAnswer
{
    public object WithoutSecret(bool replayed) => this with { AcceptUrl = null, Replayed = replayed };
}

/// <summary>POST /api/v1/invitations/accept.</summary>
public sealed record AcceptInvitationRequest
{
    /// <summary>The <c>token</c> of the link.</summary>
    [Required, StringLength(100, MinimumLength = 1)]
    public string Token { get; init; } = "";
}
