using System.Reflection;
using static Platform.Contracts.Api.OperatorRoles;
using static Platform.Contracts.Api.TenantRoles;

namespace Platform.Control.Access;

/// <summary>The table of rights. An endpoint says which one it needs: <c>group.MapGet(...).Needs(Rights.ProjectsRead)</c>.</summary>
internal static class Rights
{
    public static readonly Right Me = OfCaller("me", isRead: true);
    public static readonly Right MeWrite = OfCaller("me.write", isRead: false);

    public static readonly Right TenantRead = Read("tenant.read", Owner, Admin, Developer, Billing);
    public static readonly Right TenantWrite = Write("tenant.write", Owner, Admin);
    public static readonly Right TenantClose = Write("tenant.close", Owner);
    public static readonly Right MembersRead = Read("members.read", Owner, Admin, Developer);
    public static readonly Right MembersWrite = Write("members.write", Owner, Admin);
    public static readonly Right ProjectsRead = Read("projects.read", Owner, Admin, Developer);
    public static readonly Right ProjectsWrite = Write("projects.write", Owner, Admin, Developer);
    public static readonly Right KeysRead = Read("api-keys.read", Owner, Admin, Developer);
    public static readonly Right KeysWrite = Write("api-keys.write", Owner, Admin, Developer);
    public static readonly Right PoolsRead = Read("pools.read", Owner, Admin, Developer);
    public static readonly Right PoolsWrite = Write("pools.write", Owner, Admin);
    public static readonly Right ModelsRead = Read("models.read", Owner, Admin, Developer);
    public static readonly Right ModelsWrite = Write("models.write", Owner, Admin);
    public static readonly Right QuotasRead = Read("quotas.read", Owner, Admin, Developer, Billing);
    public static readonly Right QuotasWrite = Write("quotas.write", Owner, Admin);
    public static readonly Right BudgetsRead = Read("budgets.read", Owner, Admin, Developer, Billing);
    public static readonly Right BudgetsWrite = Write("budgets.write", Owner, Admin, Billing);
    public static readonly Right PoliciesRead = Read("policies.read", Owner, Admin, Developer);
    public static readonly Right PoliciesWrite = Write("policies.write", Owner, Admin);
    public static readonly Right PricesRead = Read("prices.read", Owner, Admin, Developer, Billing);
    public static readonly Right UsageRead = Read("usage.read", Owner, Admin, Developer, Billing);
    public static readonly Right AuditRead = Read("audit.read", Owner, Admin);
    public static readonly Right SignInRead = Read("identity-providers.read", Owner, Admin);
    public static readonly Right SignInWrite = Write("identity-providers.write", Owner);
    public static readonly Right ClientsRead = Read("service-clients.read", Owner, Admin);
    public static readonly Right ClientsWrite = Write("service-clients.write", Owner, Admin) with { IsOfMembersOnly = true };

    public static readonly Right FleetRead = OfPlatform("fleet.read", isRead: true, Operator, Viewer);
    public static readonly Right FleetWrite = OfPlatform("fleet.write", isRead: false, Operator);
    public static readonly Right TenantsRead = OfPlatform("tenants.read", isRead: true, Operator, Viewer);
    public static readonly Right TenantsWrite = OfPlatform("tenants.write", isRead: false, Operator);
    public static readonly Right PlatformRead = OfPlatform("platform.read", isRead: true, Operator, Viewer);
    public static readonly Right PlatformWrite = OfPlatform("platform.write", isRead: false, Operator);

    public static readonly IReadOnlyList<Right> All =
    [
        .. typeof(Rights).GetFields(BindingFlags.Static | BindingFlags.Public)
            .Where(f => f.FieldType == typeof(Right))
            .Select(f => (Right)f.GetValue(null)!),
    ];

    /// <summary>The endpoint needs this right, and says so to the tests and to the table in the documents.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Right right)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(right.Name).WithMetadata(right);

    private static Right OfCaller(string name, bool isRead) => new(name, RightScope.Caller, isRead);

    private static Right Read(string name, params string[] roles) => new(name, RightScope.Tenant, true, roles);

    private static Right Write(string name, params string[] roles) => new(name, RightScope.Tenant, false, roles);

    private static Right OfPlatform(string name, bool isRead, params string[] roles) => new(name, RightScope.Platform, isRead, roles);
}
