using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Api;

/// <summary>How somebody gets a tenant of their own.</summary>
public static class SignUpModes
{
    public const string Off = "off";
    public const string Approval = "approval";
    public const string Open = "open";
}

public static class SignUpStates
{
    public const string Pending = "pending";
    public const string Approved = "approved";
    public const string Refused = "refused";
}

/// <summary>POST /api/v1/sign-ups.</summary>
public sealed record SignUpRequest
{
    [Required, StringLength(100, MinimumLength = 1)]
    public string TenantName { get; init; } = "";

    /// <summary>Unique; lower-case letters, digits and dashes.</summary>
    [Required, RegularExpression("^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$")]
    public string Slug { get; init; } = "";
}

/// <param name="State">One of <see cref="SignUpStates"/>.</param>
/// <param name="TenantId">The tenant that was made of it.</param>
public sealed record SignUpAnswer(
    Guid Id,
    string Principal,
    string? Email,
    string TenantName,
    string Slug,
    string State,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DecidedAt,
    TenantId? TenantId);
