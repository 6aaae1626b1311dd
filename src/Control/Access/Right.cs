using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Control.Access;

/// <summary>Where a right holds.</summary>
internal enum RightScope
{
    /// <summary>Whoever has a valid token, about themselves.</summary>
    Caller,

    /// <summary>In the tenant that the path names; to strangers that tenant does not exist.</summary>
    Tenant,

    /// <summary>On the platform itself.</summary>
    Platform,
}

/// <summary>One line of the table of rights: who may do it. The policies, the tests and <c>docs/api.md</c> come from these.</summary>
/// <param name="Name">Dotted, the thing first: <c>projects.write</c>; the name of its policy.</param>
/// <param name="IsRead">It changes nothing: operators who only look have it too, and read-only tokens.</param>
/// <param name="Holders">Of <see cref="TenantRoles"/> or <see cref="OperatorRoles"/>, by the scope.</param>
internal sealed record Right(string Name, RightScope Scope, bool IsRead, params IReadOnlyList<string> Holders)
{
    /// <summary>Its effect would outlive an operator's exchanged token, so that no such token has it.</summary>
    public bool IsOfMembersOnly { get; init; }

    /// <summary>The answer for a caller whose rights were read.</summary>
    public bool IsHeldBy(CallerRights caller) => caller.Token.Covers(this) && Scope switch
    {
        RightScope.Caller => caller.Acting is null,
        RightScope.Platform => caller.Acting is null && caller.OperatorRole is { } role && Holders.Contains(role),
        RightScope.Tenant => caller.TenantExists && IsHeldInTenant(caller),
        _ => false,
    };

    private bool IsHeldInTenant(CallerRights caller)
    {
        // An operator inside a tenant, by a token exchanged for it: looks, and with a raised one does what an admin may.
        if (caller.Acting is { } acting)
            return caller.IsAnyOperator && acting.Tenant == caller.Tenant
                && (IsRead || (!IsOfMembersOnly && acting.IsRaised && caller.IsOperator && Holders.Contains(TenantRoles.Admin)));

        // What is the platform's own belongs to operators, whatever a membership says.
        if (caller.Tenant == TenantId.Platform)
            return caller.IsOperator || (IsRead && caller.IsAnyOperator);
        return caller.TenantRole is { } role && Holders.Contains(role);
    }
}
