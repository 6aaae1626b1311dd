using System.Text;
using Microsoft.AspNetCore.Routing;
using Platform.Contracts.Api;
using Platform.Control.Access;

namespace Platform.Control.Tests.Api;

/// <summary>The API's endpoints with their rights, and the table of them that <c>docs/api.md</c> shows.</summary>
internal static class RightsTable
{
    private static readonly string[] Columns =
        [TenantRoles.Owner, TenantRoles.Admin, TenantRoles.Developer, TenantRoles.Billing, OperatorRoles.Operator, OperatorRoles.Viewer];

    public static IReadOnlyList<RouteEndpoint> Endpoints(EndpointDataSource source) =>
    [
        .. source.Endpoints.OfType<RouteEndpoint>()
            .Where(e => PathOf(e) is var path && (path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/v1/", StringComparison.Ordinal)))
            .OrderBy(PathOf, StringComparer.Ordinal).ThenBy(e => MethodOf(e).Method, StringComparer.Ordinal),
    ];

    public static string PathOf(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    public static HttpMethod MethodOf(RouteEndpoint endpoint) =>
        new(endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? "GET");

    public static string NameOf(RouteEndpoint endpoint) => $"{MethodOf(endpoint)} {PathOf(endpoint)}";

    public static Right RightOf(RouteEndpoint endpoint) => endpoint.Metadata.GetRequiredMetadata<Right>();

    /// <summary>The tenant is in its path, or found by the caller.</summary>
    public static bool IsOfTenant(RouteEndpoint endpoint) =>
        PathOf(endpoint).Contains("{tenantId}", StringComparison.Ordinal) || endpoint.Metadata.GetMetadata<TenantOfCaller>() is not null;

    public static string Markdown(IEnumerable<RouteEndpoint> endpoints)
    {
        var text = new StringBuilder();
        text.AppendLine($"| endpoint | right | {string.Join(" | ", Columns)} | operator in a tenant | raised |");
        text.AppendLine($"| --- | --- |{string.Concat(Columns.Select(_ => " --- |"))} --- | --- |");
        foreach (var endpoint in endpoints)
        {
            var right = RightOf(endpoint);
            var cells = Columns.Select(c => Mark(right.Scope == RightScope.Caller || right.Holders.Contains(c)))
                .Append(Mark(right.Scope == RightScope.Tenant && right.IsRead))
                .Append(Mark(right.Scope == RightScope.Tenant && (right.IsRead || (!right.IsOfMembersOnly && right.Holders.Contains(TenantRoles.Admin)))));
            text.AppendLine($"| `{NameOf(endpoint)}` | {right.Name} | {string.Join(" | ", cells)} |");
        }
        return text.ToString();

        static string Mark(bool yes) => yes ? "yes" : "";
    }
}
