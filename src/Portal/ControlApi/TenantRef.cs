using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Portal.ControlApi;

/// <summary>A tenant as the user at hand stands to it.</summary>
/// <param name="Role">One of <see cref="TenantRoles"/> or <see cref="OperatorRoles"/>.</param>
public sealed record TenantRef(TenantId Id, string Name, string Slug, string Role)
{
    /// <summary>What to offer. Control decides.</summary>
    public bool MayManageKeys => Role is not TenantRoles.Billing && !IsInside;

    /// <summary>The user is an operator, who only looks.</summary>
    public bool IsInside => Role is OperatorRoles.Operator or OperatorRoles.Viewer;
}
