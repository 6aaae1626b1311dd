using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

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

    private static string Path(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');
}
