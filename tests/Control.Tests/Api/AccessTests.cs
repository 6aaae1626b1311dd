using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Control.Tests.Api;

/// <summary>Who may call what. Endpoints are read from the running application, so that a new one is covered too.</summary>
public sealed class AccessTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    /// <summary>What anybody may call: health, the document, the protocol and its pages, and an agent's enrolment.</summary>
    private static readonly string[] Open =
        ["/healthz", "/readyz", "/openapi/", "/connect/", "/identity/", "/agent/v1/enrolment"];

    private IEnumerable<RouteEndpoint> Endpoints =>
        control.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private IEnumerable<RouteEndpoint> TenantEndpoints => Endpoints.Where(e => Path(e).Contains("{tenantId}", StringComparison.Ordinal));

    [Fact]
    public void Every_endpoint_that_is_open_is_meant_to_be()
    {
        var open = Endpoints.Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(Path).ToList();

        open.ShouldNotBeEmpty();
        open.ShouldAllBe(path => Open.Any(o => path.StartsWith(o, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Every_tenant_endpoint_answers_404_to_another_tenants_member()
    {
        var (tenant, _) = await control.TenantAsync();
        var (_, stranger) = await control.TenantAsync();

        await EachAsync(stranger, tenant, (answer, _) => answer.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound));
    }

    [Fact]
    public async Task Every_tenant_endpoint_answers_404_for_a_tenant_that_there_is_not()
    {
        using var http = await control.OperatorAsync();

        await EachAsync(http, TenantId.New(), (answer, _) => answer.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound));
    }

    [Fact]
    public async Task Every_tenant_endpoint_of_the_platform_answers_404_to_its_members()
    {
        using var member = await control.CallerAsync(tenant: TenantId.Platform, role: TenantRoles.Owner);

        await EachAsync(member, TenantId.Platform, (answer, _) => answer.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound));
    }

    [Fact]
    public async Task Every_endpoint_that_is_not_open_answers_401_without_a_token()
    {
        using var http = control.Anonymous();
        foreach (var endpoint in Endpoints.Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null && Path(e).StartsWith("/a", StringComparison.Ordinal)))
        {
            using var answer = await SendAsync(http, endpoint, TenantId.New());
            await answer.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, ProblemCodes.Unauthenticated);
        }
    }

    [Fact]
    public async Task Billing_reads_usage_and_nothing_else_of_the_tenant()
    {
        var (tenant, _) = await control.TenantAsync();
        using var billing = await control.CallerAsync(tenant: tenant, role: TenantRoles.Billing);

        await EachAsync(billing, tenant, async (answer, endpoint) =>
        {
            if (Path(endpoint).Contains("/usage", StringComparison.Ordinal) || Path(endpoint) == "/api/v1/tenants/{tenantId}")
                answer.StatusCode.ShouldNotBeOneOf(HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.Unauthorized);
            else
                await answer.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        });
    }

    [Fact]
    public async Task An_operator_who_only_looks_writes_nothing()
    {
        var (tenant, _) = await control.TenantAsync();
        using var viewer = await control.CallerAsync(OperatorRoles.Viewer);

        await EachAsync(viewer, tenant, async (answer, endpoint) =>
        {
            if (MethodOf(endpoint) == HttpMethod.Get)
                answer.StatusCode.ShouldNotBeOneOf(HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.Unauthorized);
            else
                await answer.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        });
    }

    [Theory]
    [InlineData("pools", HttpStatusCode.Forbidden)]
    [InlineData("models", HttpStatusCode.Forbidden)]
    [InlineData("projects", HttpStatusCode.BadRequest)]
    [InlineData("api-keys", HttpStatusCode.BadRequest)]
    public async Task A_developer_makes_projects_and_keys_but_no_pools_and_models(string what, HttpStatusCode expected)
    {
        var (tenant, _) = await control.TenantAsync();
        using var developer = await control.CallerAsync(tenant: tenant, role: TenantRoles.Developer);

        using var answer = await developer.PostAsync($"/api/v1/tenants/{tenant}/{what}", new { });

        answer.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Making_a_tenant_is_the_operators()
    {
        var (_, admin) = await control.TenantAsync();

        using var answer = await admin.PostAsync("/api/v1/tenants", new CreateTenantRequest { Name = "A", Slug = "not-mine-to-make" });

        await answer.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
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

    private async Task EachAsync(HttpClient http, TenantId tenant, Func<HttpResponseMessage, RouteEndpoint, Task> check)
    {
        var endpoints = TenantEndpoints.ToList();
        endpoints.Count.ShouldBeGreaterThan(9);
        foreach (var endpoint in endpoints)
        {
            using var answer = await SendAsync(http, endpoint, tenant);
            await check(answer, endpoint);
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, RouteEndpoint endpoint, TenantId tenant)
    {
        var path = Path(endpoint).Replace("{tenantId}", tenant.ToString(), StringComparison.Ordinal);
        while (path.IndexOf('{', StringComparison.Ordinal) is var open and >= 0)
            path = path[..open] + Guid.NewGuid() + path[(path.IndexOf('}', open) + 1)..];
        using var request = new HttpRequestMessage(MethodOf(endpoint), path);
        if (request.Method != HttpMethod.Get)
            request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        return await http.SendAsync(request, Cancel);
    }

    private static HttpMethod MethodOf(RouteEndpoint endpoint) =>
        new(endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? "GET");

    private static string Path(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');
}
