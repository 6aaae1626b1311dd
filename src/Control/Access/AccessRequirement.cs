using Microsoft.AspNetCore.Authorization;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Control.Access;

/// <summary>One rung of access; <paramref name="allows"/> decides from the caller's rights.</summary>
/// <param name="hides">
/// True where a caller without any role in the path's tenant is told that it does not exist, instead of being forbidden.
/// </param>
internal sealed class AccessRequirement(bool hides, Func<CallerRights, bool> allows) : IAuthorizationRequirement
{
    public bool Hides => hides;

    public bool Allows(CallerRights rights) => allows(rights);

    /// <summary>A role in the path's tenant. What is the platform's own belongs to operators, whatever a membership says.</summary>
    public static AccessRequirement Tenant(bool viewer, params string[] roles) => new(
        hides: true,
        rights => rights.TenantExists
            && (rights.IsOperator || (viewer && rights.IsAnyOperator) || (rights.TenantRole is { } role && roles.Contains(role))));

    public static bool KnowsTenant(CallerRights rights) =>
        rights.TenantExists && (rights.IsAnyOperator || rights.TenantRole is not null);

    public static readonly string[] AnyRole = [TenantRoles.Owner, TenantRoles.Admin, TenantRoles.Developer, TenantRoles.Billing];
    public static readonly string[] Developers = [TenantRoles.Owner, TenantRoles.Admin, TenantRoles.Developer];
    public static readonly string[] Admins = [TenantRoles.Owner, TenantRoles.Admin];

    /// <summary>Members of the platform's tenant have no rights by that.</summary>
    public static bool CountsMemberships(TenantId tenant) => tenant != TenantId.Platform;
}
