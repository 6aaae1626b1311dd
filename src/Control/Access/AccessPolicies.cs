namespace Platform.Control.Access;

/// <summary>Policies for route groups and endpoints: <c>group.RequireAuthorization(AccessPolicies.Tenant)</c>.</summary>
internal static class AccessPolicies
{
    /// <summary>Any valid token of the API.</summary>
    public const string Caller = "caller";

    /// <summary>Any role in the path's tenant, or any operator; others get 404.</summary>
    public const string Tenant = "tenant";

    /// <summary>As <see cref="Tenant"/>, without billing: billing reads usage only.</summary>
    public const string TenantRead = "tenant-read";

    /// <summary>Developers and up, and the operator: projects and keys.</summary>
    public const string TenantDevelop = "tenant-develop";

    /// <summary>Admins and owners, and the operator: pools and models.</summary>
    public const string TenantAdmin = "tenant-admin";

    /// <summary>Operators who only look, and operators; others get 403.</summary>
    public const string OperatorRead = "operator-read";

    /// <summary>Operators; others get 403.</summary>
    public const string Operator = "operator";
}
