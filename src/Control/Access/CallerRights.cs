using System.Security.Claims;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Control.Access;

/// <summary>
/// Who calls, and what the database lets them do: tokens say who, never what. Endpoints take it as a parameter; the
/// access policy of their route group has loaded it.
/// </summary>
internal sealed record CallerRights
{
    /// <summary>The token's <c>sub</c>; where an operator acts inside a tenant, the operator's.</summary>
    public required string Subject { get; init; }

    public string? Email { get; init; }

    /// <summary>The token is a program's own, and no person's.</summary>
    public bool IsProgram { get; init; }

    /// <summary>One of <see cref="OperatorRoles"/>, or null.</summary>
    public string? OperatorRole { get; init; }

    /// <summary>The tenant that the path names, or that <see cref="TenantOfCaller"/> found; null for none.</summary>
    public TenantId? Tenant { get; init; }

    /// <summary>One of <see cref="TenantRoles"/> in <see cref="Tenant"/>, or null.</summary>
    public string? TenantRole { get; init; }

    /// <summary>False where the path names a tenant that there is not.</summary>
    public bool TenantExists { get; init; }

    public TokenRights Token { get; init; } = TokenRights.Everything;

    public Acting? Acting { get; init; }

    /// <summary>True where the token is of a session that was ended; it has no rights then.</summary>
    public bool SessionEnded { get; init; }

    /// <summary>Not null where the caller signed in by a tenant's identity provider.</summary>
    public ProviderSignIn? Provider { get; init; }

    public bool IsOperator => OperatorRole == OperatorRoles.Operator;

    public bool IsAnyOperator => OperatorRole is OperatorRoles.Operator or OperatorRoles.Viewer;

    /// <summary>Whether the caller may know that the path's tenant exists.</summary>
    public bool KnowsTenant => TenantExists && (Acting is { } acting
        ? IsAnyOperator && acting.Tenant == Tenant
        : IsAnyOperator || TenantRole is not null);

    public static ValueTask<CallerRights> BindAsync(HttpContext context) => new(Of(context));

    public static CallerRights Of(HttpContext context) =>
        context.Features.Get<CallerRights>() ?? throw new InvalidOperationException("The endpoint has no access policy.");

    /// <summary>The <c>sub</c> of a validated token.</summary>
    public static string? SubjectOf(ClaimsPrincipal user) => user.FindFirstValue("sub");

    public static TenantId? TenantOf(HttpContext context) =>
        TenantId.TryParse(context.GetRouteValue("tenantId") as string, null, out var tenant) ? tenant : null;
}
