using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Api;

/// <summary>A bounded list; <paramref name="NextCursor"/> is null on the last page.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor = null);

public sealed record CreateTenantRequest
{
    [Required, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";

    /// <summary>Unique; lower-case letters, digits and dashes.</summary>
    [Required, RegularExpression("^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$")]
    public string Slug { get; init; } = "";

    /// <summary>The group whose agents serve the tenant.</summary>
    [RegularExpression("^[a-z0-9-]{1,40}$")]
    public string Group { get; init; } = "default";
}

/// <summary>PUT /api/v1/operator/tenants/{tenantId}: everything that an operator sets.</summary>
public sealed record ReplaceTenantRequest
{
    [Required, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";

    /// <summary>Unique; lower-case letters, digits and dashes.</summary>
    [Required, RegularExpression("^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$")]
    public string Slug { get; init; } = "";

    /// <summary>The group whose agents serve the tenant; another one takes everything of the tenant along.</summary>
    [Required, RegularExpression("^[a-z0-9-]{1,40}$")]
    public string Group { get; init; } = "";
}

/// <summary>PUT /api/v1/tenants/{tenantId}: what a tenant says of itself.</summary>
public sealed record TenantRequest
{
    [Required, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";
}

public sealed record SuspendTenantRequest
{
    /// <summary>Streams that run end too; else they finish.</summary>
    public bool EndsStreams { get; init; }

    /// <summary>For the audit trail.</summary>
    [Required, StringLength(500, MinimumLength = 1)]
    public string Reason { get; init; } = "";
}

public sealed record CloseTenantRequest
{
    /// <summary>The tenant's slug once more: there is no way back.</summary>
    [Required, StringLength(40)]
    public string Slug { get; init; } = "";
}

/// <summary>What a list of tenants can be narrowed to.</summary>
public static class TenantStates
{
    public const string Active = "active";
    public const string Suspended = "suspended";
    public const string Closed = "closed";
}

/// <param name="EndsStreams">Whether the suspension also ends streams that run.</param>
public sealed record TenantAnswer(
    TenantId Id,
    string Name,
    string Slug,
    AgentGroupName Group,
    bool Suspended,
    bool EndsStreams,
    DateTimeOffset? ClosedAt,
    DateTimeOffset CreatedAt,
    long Version) : IVersioned;

/// <summary>GET /api/v1/me: who calls, and where they may go.</summary>
public sealed record MeAnswer(string Subject, string? Email, string? OperatorRole, IReadOnlyList<MembershipAnswer> Memberships);

/// <param name="Role">One of <see cref="TenantRoles"/>.</param>
public sealed record MembershipAnswer(TenantId TenantId, string TenantName, string TenantSlug, string Role);

public static class TenantRoles
{
    public const string Owner = "owner";
    public const string Admin = "admin";
    public const string Developer = "developer";
    public const string Billing = "billing";
}

public static class OperatorRoles
{
    public const string Operator = "operator";
    public const string Viewer = "operator-viewer";
}
