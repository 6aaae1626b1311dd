using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Access;

namespace Platform.Control.Tests.Api;

/// <summary>What is open, and what callers learn of themselves; <see cref="RightsTests"/> has the rest.</summary>
public sealed class AccessTests(ControlApp control) : IClassFixture<ControlApp>
{
    /// <summary>What anybody may call: health, the document, the protocol and its pages, and an agent's enrolment.</summary>
    private static readonly string[] Open =
        ["/healthz", "/readyz", "/openapi/", "/docs", "/connect/", "/identity/", "/agent/v1/enrolment"];

    private IEnumerable<RouteEndpoint> Endpoints =>
        control.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    [Fact]
    public void Every_endpoint_that_is_open_is_meant_to_be()
    {
        var open = Endpoints.Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(Path).ToList();

        open.ShouldNotBeEmpty();
        open.ShouldAllBe(path => Open.Any(o => path.StartsWith(o, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_endpoint_needs_a_right_or_is_an_agents_or_is_meant_to_be_open()
    {
        Endpoints.Where(e => e.Metadata.GetMetadata<Right>() is null && !Path(e).StartsWith("/agent/", StringComparison.Ordinal) && !Open.Any(o => IsBelow(Path(e), o)))
            .Select(Path).ShouldBeEmpty("under the fallback policy any caller would be let in");
        Endpoints.Where(e => e.Metadata.GetMetadata<Right>() is not null && !IsBelow(Path(e), "/api/") && !IsBelow(Path(e), "/v1/"))
            .Select(Path).ShouldBeEmpty("the table of rights does not show it");
    }

    [Fact]
    public async Task A_member_sees_its_own_tenants_only_and_an_operator_all()
    {
        var (one, admin) = await control.TenantAsync();
        var (two, _) = await control.TenantAsync();
        using var http = await control.OperatorAsync();

        (await admin.GetAsync<Page<TenantAnswer>>("/api/v1/tenants")).Items.Select(t => t.Id).ShouldBe([one]);
        var all = (await http.GetAsync<Page<TenantAnswer>>("/api/v1/tenants?limit=200")).Items.Select(t => t.Id).ToList();
        all.ShouldContain(one);
        all.ShouldContain(two);
        all.ShouldNotContain(TenantId.Platform);
    }

    [Fact]
    public async Task Me_says_who_calls_and_where_they_may_go()
    {
        var (tenant, admin) = await control.TenantAsync();

        var me = await admin.GetAsync<MeAnswer>("/api/v1/me");

        me.OperatorRole.ShouldBeNull();
        var membership = me.Memberships.ShouldHaveSingleItem();
        membership.TenantId.ShouldBe(tenant);
        membership.Role.ShouldBe(TenantRoles.Admin);
    }

    private static bool IsBelow(string path, string open) =>
        path.StartsWith(open, StringComparison.Ordinal) && (open.EndsWith('/') || path.Length == open.Length || path[open.Length] == '/');

    private static string Path(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');
}
