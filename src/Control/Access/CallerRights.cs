using System.Security.Claims;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Control.Access;

/// <summary>
/// Who calls, and what the database lets them do: tokens say who, never what. Endpoints take it as a parameter; the
/// access policy of their route group has loaded it.
/// </summary>
/// <param name="Subject">The token's <c>sub</c>.</param>
/// <param name="OperatorRole">One of <see cref="OperatorRoles"/>, or null.</param>
/// <param name="TenantRole">One of <see cref="TenantRoles"/> in the tenant that the path names, or null.</param>
/// <param name="TenantExists">False where the path names a tenant that there is not.</param>
internal sealed record CallerRights(string Subject, string? Email, string? OperatorRole, string? TenantRole, bool TenantExists)
{
    /// <summary>True where the token is of a session that was ended; it has no rights then.</summary>
    public bool SessionEnded { get; init; }

    public bool IsOperator => OperatorRole == OperatorRoles.Operator;

    public bool IsAnyOperator => OperatorRole is OperatorRoles.Operator or OperatorRoles.Viewer;

    public static ValueTask<CallerRights> BindAsync(HttpContext context) =>
        new(context.Features.Get<CallerRights>() ?? throw new InvalidOperationException("The endpoint has no access policy."));

    /// <summary>The <c>sub</c> of a validated token.</summary>
    public static string? SubjectOf(ClaimsPrincipal user) => user.FindFirstValue("sub");

    public static TenantId? TenantOf(HttpContext context) =>
        TenantId.TryParse(context.GetRouteValue("tenantId") as string, null, out var tenant) ? tenant : null;
}
