using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Access;

namespace Platform.Control.Tests.Api;

/// <summary>
/// Every endpoint with every role, with another tenant's member and with nobody: 401, 403 or 404 exactly as the table of
/// rights says. Endpoints are read from the running application, so that a new one is covered, and one without a right fails.
/// </summary>
public sealed class RightsTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static readonly string[] TenantRoleNames = [TenantRoles.Owner, TenantRoles.Admin, TenantRoles.Developer, TenantRoles.Billing];

    private IReadOnlyList<RouteEndpoint> Api => RightsTable.Endpoints(control.Services.GetRequiredService<EndpointDataSource>());

    [Fact]
    public void Every_endpoint_of_the_API_needs_exactly_one_right()
    {
        Api.Count.ShouldBeGreaterThan(15);
        Api.Where(e => e.Metadata.OfType<Right>().Count() != 1).Select(RightsTable.NameOf).ShouldBeEmpty();
        Api.Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(RightsTable.NameOf).ShouldBeEmpty();
    }

    [Fact]
    public void A_right_of_a_tenant_is_asked_for_below_a_tenant_only()
    {
        foreach (var endpoint in Api)
        {
            (RightsTable.RightOf(endpoint).Scope == RightScope.Tenant && !RightsTable.IsOfTenant(endpoint)).ShouldBeFalse(RightsTable.NameOf(endpoint));
        }
    }

    [Fact]
    public void Every_right_is_asked_for_by_an_endpoint()
    {
        var asked = Api.Select(RightsTable.RightOf).ToHashSet();

        Rights.All.Where(r => !asked.Contains(r)).Select(r => r.Name).ShouldBeEmpty();
        Rights.All.Select(r => r.Name).Distinct().Count().ShouldBe(Rights.All.Count);
    }

    [Fact]
    public async Task The_table_in_the_documents_is_the_one_that_holds() =>
        await Snapshots.HoldsAsync("docs/api.md", "rights", RightsTable.Markdown(Api), Cancel);

    [Fact]
    public async Task Each_role_of_a_tenant_may_do_there_what_the_table_says()
    {
        var (tenant, _) = await control.TenantAsync();
        foreach (var role in TenantRoleNames)
        {
            using var http = await control.CallerAsync(tenant: tenant, role: role);
            await EachAsync(http, tenant, endpoint => RightsTable.RightOf(endpoint) switch
            {
                { Scope: RightScope.Caller } => null,
                { Scope: RightScope.Platform } => HttpStatusCode.Forbidden,
                var right => right.Holders.Contains(role) ? null : HttpStatusCode.Forbidden,
            }, role);
        }
    }

    [Fact]
    public async Task An_operator_may_do_what_the_table_says_and_enters_a_tenant_by_token_exchange_only()
    {
        var (tenant, _) = await control.TenantAsync();
        foreach (var role in new[] { OperatorRoles.Operator, OperatorRoles.Viewer })
        {
            using var http = await control.CallerAsync(role);
            await EachAsync(http, tenant, endpoint => RightsTable.RightOf(endpoint) switch
            {
                { Scope: RightScope.Caller } => null,
                { Scope: RightScope.Tenant } => HttpStatusCode.Forbidden,
                var right => right.Holders.Contains(role) ? null : HttpStatusCode.Forbidden,
            }, role);
        }
    }

    [Fact]
    public async Task An_operator_inside_a_tenant_looks_and_with_a_raised_token_does_what_an_admin_may()
    {
        var (tenant, _) = await control.TenantAsync();
        foreach (var (role, raised) in new[] { (OperatorRoles.Viewer, false), (OperatorRoles.Operator, false), (OperatorRoles.Operator, true) })
        {
            var caller = await control.OperatorWithTokenAsync(role);
            using var http = await control.EnterAsync(caller, tenant, raised);
            await EachAsync(http, tenant, endpoint => RightsTable.RightOf(endpoint) switch
            {
                { Scope: RightScope.Tenant, IsRead: true } => null,
                { Scope: RightScope.Tenant, IsOfMembersOnly: false } right when raised && right.Holders.Contains(TenantRoles.Admin) => null,
                _ => HttpStatusCode.Forbidden,
            }, $"{role} inside, raised: {raised}");
        }
    }

    [Fact]
    public async Task An_operator_inside_a_tenant_is_in_no_other()
    {
        var (tenant, _) = await control.TenantAsync();
        var (other, _) = await control.TenantAsync();
        using var http = await control.EnterAsync(await control.OperatorWithTokenAsync(), tenant, raised: true);

        await EachAsync(http, other, _ => HttpStatusCode.NotFound, "operator inside another tenant", onlyTenants: true);
        await EachAsync(http, TenantId.Platform, _ => HttpStatusCode.NotFound, "operator inside another tenant", onlyTenants: true);
    }

    [Fact]
    public async Task What_is_the_platforms_own_belongs_to_operators()
    {
        using var viewer = await control.CallerAsync(OperatorRoles.Viewer);
        await EachAsync(viewer, TenantId.Platform, endpoint => RightsTable.RightOf(endpoint) switch
        {
            { Scope: RightScope.Caller } => null,
            { Scope: RightScope.Tenant } right => right.IsRead ? null : HttpStatusCode.Forbidden,
            var right => right.Holders.Contains(OperatorRoles.Viewer) ? null : HttpStatusCode.Forbidden,
        }, "viewer");

        using var member = await control.CallerAsync(tenant: TenantId.Platform, role: TenantRoles.Owner);
        await EachAsync(member, TenantId.Platform, StrangersAnswer, "member of the platform's tenant");
    }

    [Fact]
    public async Task To_another_tenants_member_the_tenant_does_not_exist()
    {
        var (tenant, _) = await control.TenantAsync();
        var (other, _) = await control.TenantAsync();
        using var stranger = await control.CallerAsync(tenant: other, role: TenantRoles.Owner);

        await EachAsync(stranger, tenant, StrangersAnswer, "stranger");
    }

    [Fact]
    public async Task A_tenant_that_there_is_not_answers_404_to_everybody()
    {
        foreach (var role in new[] { OperatorRoles.Operator, OperatorRoles.Viewer, null })
        {
            using var http = await control.CallerAsync(role);
            await EachAsync(http, TenantId.New(), endpoint => RightsTable.RightOf(endpoint).Scope == RightScope.Tenant ? HttpStatusCode.NotFound : null, role ?? "nobody", onlyTenants: true);
        }
    }

    [Fact]
    public async Task Without_a_token_every_endpoint_answers_401()
    {
        using var http = control.Anonymous();
        var agents = control.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null && RightsTable.PathOf(e).StartsWith("/agent/", StringComparison.Ordinal));
        foreach (var endpoint in Api.Concat(agents))
        {
            using var answer = await SendAsync(http, endpoint, TenantId.New());
            await ShouldBeRefusalAsync(answer, endpoint, HttpStatusCode.Unauthorized, ProblemCodes.Unauthenticated);
        }
    }

    private static HttpStatusCode? StrangersAnswer(RouteEndpoint endpoint) => RightsTable.RightOf(endpoint).Scope switch
    {
        RightScope.Caller => null,
        _ when RightsTable.IsOfTenant(endpoint) => HttpStatusCode.NotFound,
        _ => HttpStatusCode.Forbidden,
    };

    /// <param name="refused">The status that the table gives; null where the caller may, and the answer is anything but a refusal.</param>
    private async Task EachAsync(HttpClient http, TenantId tenant, Func<RouteEndpoint, HttpStatusCode?> refused, string who, bool onlyTenants = false)
    {
        foreach (var endpoint in Api.Where(e => !onlyTenants || RightsTable.IsOfTenant(e)))
        {
            using var answer = await SendAsync(http, endpoint, tenant);
            var what = $"{RightsTable.NameOf(endpoint)} as {who}";
            if (refused(endpoint) is { } status)
            {
                answer.StatusCode.ShouldBe(status, what);
                await ShouldBeRefusalAsync(answer, endpoint, status, status == HttpStatusCode.NotFound ? ProblemCodes.NotFound : ProblemCodes.Forbidden);
                continue;
            }
            answer.StatusCode.ShouldNotBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.InternalServerError);
            if (answer.StatusCode == HttpStatusCode.NotFound && !onlyTenants)
                RightsTable.PathOf(endpoint).Replace("{tenantId}", "", StringComparison.Ordinal).ShouldContain("{", Case.Sensitive, $"{what}: a 404 is for the thing below only");
        }
    }

    /// <summary>A problem; below /v1 in OpenAI's shape.</summary>
    private static async Task ShouldBeRefusalAsync(HttpResponseMessage answer, RouteEndpoint endpoint, HttpStatusCode status, string code)
    {
        if (RightsTable.PathOf(endpoint).StartsWith("/v1/", StringComparison.Ordinal))
            (await answer.ShouldBeAsync<OpenAiErrorAnswer>(status)).Error.Code.ShouldBe(code);
        else
            await answer.ShouldBeProblemAsync(status, code);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, RouteEndpoint endpoint, TenantId tenant)
    {
        var path = RightsTable.PathOf(endpoint).Replace("{tenantId}", tenant.ToString(), StringComparison.Ordinal);
        while (path.IndexOf('{', StringComparison.Ordinal) is var open and >= 0)
            path = path[..open] + Guid.NewGuid() + path[(path.IndexOf('}', open) + 1)..];
        using var request = new HttpRequestMessage(RightsTable.MethodOf(endpoint), path + "?dryRun=true");
        if (endpoint.Metadata.GetMetadata<TenantOfCaller>() is not null)
            request.Headers.Add(TenantOfCaller.Header, tenant.ToString());
        if (request.Method != HttpMethod.Get)
        {
            request.Headers.TryAddWithoutValidation("If-Match", "*");
            request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        }
        return await http.SendAsync(request, Cancel);
    }
}
