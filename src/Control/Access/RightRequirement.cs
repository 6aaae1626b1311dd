using Microsoft.AspNetCore.Authorization;

namespace Platform.Control.Access;

/// <summary>A right as a requirement of ASP.NET Core's authorization; null asks for any valid token.</summary>
internal sealed class RightRequirement(Right? right) : IAuthorizationRequirement
{
    public const string AnyCaller = "caller";

    public bool Allows(CallerRights rights) => right is null || right.IsHeldBy(rights);

    /// <summary>Who has nothing to do with the path's tenant does not learn that it exists.</summary>
    public bool Hides(CallerRights rights) => (right?.Scope == RightScope.Tenant || rights.Tenant is not null) && !rights.KnowsTenant;
}
