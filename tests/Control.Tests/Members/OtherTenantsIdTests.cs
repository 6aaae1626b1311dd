using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Tests.Api;

namespace Platform.Control.Tests.Members;

/// <summary>
/// What is written as <c>control_platform</c>, where no policy of the database keeps tenants apart: a tenant's owner, and an
/// operator, with the ids of another tenant below their own path.
/// </summary>
public sealed class OtherTenantsIdTests(ControlApp control) : IClassFixture<ControlApp>
{
    private const string Tenant = "/api/v1/tenants/{tenantId}";
    private const string OfOperator = "/api/v1/operator/tenants/{tenantId}";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static readonly string[] Groups = ["members", "invitations", "service-clients", "identity-providers"];

    public static TheoryData<string> Routes =>
    [
        $"GET {Tenant}/members/{{principal}}",
        $"PUT {Tenant}/members/{{principal}}",
        $"DELETE {Tenant}/members/{{principal}}",
        $"DELETE {Tenant}/invitations/{{id}}",
        $"GET {Tenant}/service-clients/{{id}}",
        $"PUT {Tenant}/service-clients/{{id}}",
        $"DELETE {Tenant}/service-clients/{{id}}",
        $"POST {Tenant}/service-clients/{{id}}/rotate",
        $"GET {Tenant}/identity-providers/{{id}}",
        $"PUT {Tenant}/identity-providers/{{id}}",
        $"DELETE {Tenant}/identity-providers/{{id}}",
        $"POST {Tenant}/identity-providers/{{id}}/verify-domain",
        $"POST {OfOperator}/identity-providers/{{id}}/confirm-domain",
    ];

    [Fact]
    public void Every_route_with_an_id_is_tried()
    {
        var mapped = control.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => Groups.Any(g => RightsTable.PathOf(e).Contains($"/{{tenantId}}/{g}/{{", StringComparison.Ordinal)))
            .Select(RightsTable.NameOf);

        mapped.ShouldBe(Routes.Select(r => r.Data), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Below_a_tenants_own_path_another_tenants_thing_is_not_there_and_stays_as_it_is(string route)
    {
        var (mine, _) = await control.TenantAsync();
        var other = await OtherAsync();
        using var caller = route.Contains("/operator/", StringComparison.Ordinal)
            ? await control.OperatorAsync()
            : await control.CallerAsync(tenant: mine, role: TenantRoles.Owner);
        using var theirs = route.Contains("/operator/", StringComparison.Ordinal)
            ? await control.OperatorAsync()
            : await control.CallerAsync(tenant: other.Tenant, role: TenantRoles.Owner);
        var before = await StateAsync(other.Tenant);

        using var tried = await SendAsync(caller, route, mine, other, dryRun: false);
        var after = await StateAsync(other.Tenant);
        using var there = await SendAsync(theirs, route, other.Tenant, other, dryRun: true);

        await tried.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        after.ShouldBe(before);
        there.StatusCode.ShouldNotBe(HttpStatusCode.NotFound, "the ids are not what the route takes");
    }

    private async Task<Other> OtherAsync()
    {
        var (tenant, _) = await control.TenantAsync();
        using var owner = await control.CallerAsync(tenant: tenant, role: TenantRoles.Owner);
        using var member = await Person.NewAsync(control, tenant, TenantRoles.Developer);
        var path = $"/api/v1/tenants/{tenant}";
        var invitation = await owner.CreateAsync<CreatedInvitationAnswer>(
            $"{path}/invitations", new CreateInvitationRequest { Email = $"{Guid.NewGuid():N}@example.com", Role = TenantRoles.Billing });
        var client = await owner.CreateAsync<ServiceClientSecretAnswer>($"{path}/service-clients", ClientBody("theirs"));
        var provider = await owner.CreateAsync<IdentityProviderAnswer>($"{path}/identity-providers", ProviderBody("theirs"));
        return new(tenant, member.Principal, new()
        {
            ["invitations"] = invitation.Invitation.Id,
            ["service-clients"] = client.Client.Id,
            ["identity-providers"] = provider.Id,
        });
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, string route, TenantId tenant, Other other, bool dryRun)
    {
        var (method, template) = (route.Split(' ')[0], route.Split(' ')[1]);
        var group = Groups.Single(g => template.Contains($"/{g}/", StringComparison.Ordinal));
        var path = template.Replace("{tenantId}", $"{tenant}", StringComparison.Ordinal).Replace("{principal}", other.Member, StringComparison.Ordinal);
        if (other.Ids.TryGetValue(group, out var id))
            path = path.Replace("{id}", $"{id}", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new(method), path + (dryRun ? "?dryRun=true" : ""));
        if (route.EndsWith("confirm-domain", StringComparison.Ordinal))
            request.Headers.TryAddWithoutValidation("If-Match", "\"v1\"");
        if (method == "PUT")
        {
            request.Headers.TryAddWithoutValidation("If-Match", "*");
            request.Content = group switch
            {
                "members" => JsonContent.Create(new MemberRequest { Role = TenantRoles.Billing }),
                "service-clients" => JsonContent.Create(ClientBody("mine now")),
                _ => JsonContent.Create(ProviderBody("mine now")),
            };
        }
        return await http.SendAsync(request, Cancel);
    }

    /// <summary>Every row that the routes write, the authority's too.</summary>
    private Task<List<string>> StateAsync(TenantId tenant) => control.Database.InPlatformAsync(
        (db, ct) => db.Database.SqlQuery<string>(
            $"""
             SELECT m::text AS "Value" FROM memberships m WHERE tenant_id = {tenant.Value} AND identity_provider_id IS NULL AND principal NOT LIKE 'svc-%'
             UNION ALL SELECT i::text FROM invitations i WHERE tenant_id = {tenant.Value}
             UNION ALL SELECT s::text FROM service_clients s WHERE tenant_id = {tenant.Value}
             UNION ALL SELECT p::text FROM identity_providers p WHERE tenant_id = {tenant.Value}
             UNION ALL SELECT c::text FROM identity.clients c WHERE client_id IN (SELECT client_id FROM service_clients WHERE tenant_id = {tenant.Value})
             ORDER BY 1
             """).ToListAsync(ct),
        Cancel);

    private static ServiceClientRequest ClientBody(string name) => new() { Name = name, Role = TenantRoles.Developer, Scopes = [ApiScopes.Read] };

    private static IdentityProviderRequest ProviderBody(string name) => new()
    {
        Name = name,
        Issuer = "https://login.example.com",
        ClientId = "us",
        ClientSecret = "a secret of theirs",
        Domain = $"d{Guid.NewGuid():N}.example",
        DefaultRole = TenantRoles.Developer,
    };

    private sealed record Other(TenantId Tenant, string Member, Dictionary<string, Guid> Ids);
}
