using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Control.Tests.Identity;

/// <summary>A tenant's programs: made, given other rights or another secret, and deleted.</summary>
public sealed class ServiceClientTests(ControlApp control, Servers servers) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_client_signs_in_and_does_what_its_role_may()
    {
        var (tenant, admin) = await control.TenantAsync();

        var made = await MakeAsync(admin, tenant, TenantRoles.Developer, ApiScopes.All);

        made.ClientSecret.ShouldNotBeNull();
        using var http = control.With(await control.TokenAsync(made.Client.ClientId, made.ClientSecret));
        await http.CreateAsync<ProjectAnswer>($"/api/v1/tenants/{tenant}/projects", new ProjectRequest { Name = "p" });
        using var refused = await http.GetAsync(Path(tenant), Cancel);
        await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        var read = await admin.GetAsync<ServiceClientAnswer>($"{Path(tenant)}/{made.Client.Id}");
        (read.Role, read.Scopes.Single(), read.Version).ShouldBe((TenantRoles.Developer, ApiScopes.All, 1));
        (await admin.GetAsync<Page<ServiceClientAnswer>>(Path(tenant) + "?q=PROG&sort=-name")).Items.Single().ClientId.ShouldBe(made.Client.ClientId);
    }

    [Fact]
    public async Task A_token_that_only_reads_cannot_write_and_one_for_usage_reads_usage_only()
    {
        var (tenant, admin) = await control.TenantAsync();
        var made = await MakeAsync(admin, tenant, TenantRoles.Admin, ApiScopes.Read, ApiScopes.Usage);
        using var reader = await WithScopeAsync(made, ApiScopes.Read);
        using var usage = await WithScopeAsync(made, ApiScopes.Usage);

        using var write = await reader.PostAsync($"/api/v1/tenants/{tenant}/projects", new ProjectRequest { Name = "p" });
        using var readOfUsage = await usage.GetAsync($"/api/v1/tenants/{tenant}/projects", Cancel);

        await write.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        await readOfUsage.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        (await reader.GetAsync($"/api/v1/tenants/{tenant}/projects", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await usage.GetAsync($"/api/v1/tenants/{tenant}/usage?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&bucket=day", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var more = await control.ClientTokenAsync(made.Client.ClientId, made.ClientSecret!, ApiScopes.All);
        more.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_new_secret_ends_the_old_one_at_once_and_a_new_role_counts_at_once()
    {
        var (tenant, admin) = await control.TenantAsync();
        var made = await MakeAsync(admin, tenant, TenantRoles.Admin, ApiScopes.All);
        using var http = await WithScopeAsync(made, ApiScopes.All);

        using var rotated = await admin.PostAsync($"{Path(tenant)}/{made.Client.Id}/rotate", new { });
        var second = await rotated.ShouldBeAsync<ServiceClientSecretAnswer>(HttpStatusCode.OK);
        using var old = await control.ClientTokenAsync(made.Client.ClientId, made.ClientSecret!, ApiScopes.All);
        using var put = await PutAsync(admin, tenant, made.Client.Id, "\"v2\"", TenantRoles.Billing, ApiScopes.Usage);
        using var refused = await http.GetAsync($"/api/v1/tenants/{tenant}/projects", Cancel);
        using var stale = await PutAsync(admin, tenant, made.Client.Id, "\"v2\"", TenantRoles.Admin, ApiScopes.All);

        second.ClientSecret.ShouldNotBe(made.ClientSecret);
        second.Client.RotatedAt.ShouldNotBeNull();
        old.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await put.ShouldBeAsync<ServiceClientAnswer>(HttpStatusCode.OK)).Role.ShouldBe(TenantRoles.Billing);
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await stale.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.VersionMismatch);
        (await control.ClientTokenAsync(made.Client.ClientId, second.ClientSecret!, ApiScopes.Usage)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await control.ClientTokenAsync(made.Client.ClientId, second.ClientSecret!, ApiScopes.All)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_deleted_client_gets_no_token_and_the_one_that_it_holds_has_no_right_any_more()
    {
        var (tenant, admin) = await control.TenantAsync();
        var made = await MakeAsync(admin, tenant, TenantRoles.Admin, ApiScopes.All);
        using var http = await WithScopeAsync(made, ApiScopes.All);
        (await http.GetAsync($"/api/v1/tenants/{tenant}", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var deleted = await admin.DeleteAsync($"{Path(tenant)}/{made.Client.Id}", Cancel);

        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var held = await http.GetAsync($"/api/v1/tenants/{tenant}", Cancel);
        await held.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        (await control.ClientTokenAsync(made.Client.ClientId, made.ClientSecret!, ApiScopes.All)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await admin.GetAsync<Page<ServiceClientAnswer>>(Path(tenant))).Items.ShouldBeEmpty();
        (await ScalarAsync($"SELECT count(*) FROM identity.tokens WHERE subject = '{made.Client.ClientId}'")).ShouldBe(0);
        var actions = await control.Database.InPlatformAsync(
            (db, ct) => db.AuditEvents.Where(a => a.TenantId == tenant && a.Target == made.Client.Id.ToString()).OrderBy(a => a.Id).Select(a => a.Action).ToListAsync(ct), Cancel);
        actions.ShouldBe(["service-client.create", "service-client.delete"]);
    }

    [Fact]
    public async Task The_client_of_the_authority_and_the_tenants_rows_are_made_together_or_not_at_all()
    {
        var (tenant, admin) = await control.TenantAsync();
        var before = await ScalarAsync("SELECT count(*) FROM identity.clients");

        using var tried = await admin.PostAsync(Path(tenant) + "?dryRun=true", Body(TenantRoles.Admin, ApiScopes.All));
        await ExecuteAsync(
            """
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the process dies here'; END $$;
            CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON service_clients DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail();
            """);
        using var failed = await admin.PostAsync(Path(tenant), Body(TenantRoles.Admin, ApiScopes.All));
        await ExecuteAsync("DROP TRIGGER dies ON service_clients");

        var dryRun = await tried.ShouldBeAsync<DryRunAnswer<JsonElement>>(HttpStatusCode.OK);
        dryRun.Resource.GetProperty("clientSecret").ValueKind.ShouldBe(JsonValueKind.Null);
        failed.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await ScalarAsync("SELECT count(*) FROM identity.clients")).ShouldBe(before);
        (await ScalarAsync($"SELECT count(*) FROM memberships WHERE tenant_id = '{tenant}'")).ShouldBe(1);
        (await admin.GetAsync<Page<ServiceClientAnswer>>(Path(tenant))).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_replay_of_a_creation_does_not_show_the_secret_and_wrong_bodies_are_named()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, Path(tenant)) { Headers = { { "Idempotency-Key", "k" } }, Content = JsonContent.Create(Body(TenantRoles.Billing, ApiScopes.Usage)) };
        using var again = new HttpRequestMessage(HttpMethod.Post, Path(tenant)) { Headers = { { "Idempotency-Key", "k" } }, Content = JsonContent.Create(Body(TenantRoles.Billing, ApiScopes.Usage)) };

        var first = await (await admin.SendAsync(request, Cancel)).ShouldBeAsync<ServiceClientSecretAnswer>(HttpStatusCode.Created);
        var second = await (await admin.SendAsync(again, Cancel)).ShouldBeAsync<ServiceClientSecretAnswer>(HttpStatusCode.Created);
        using var owner = await admin.PostAsync(Path(tenant), Body(TenantRoles.Owner, ApiScopes.All));
        using var scope = await admin.PostAsync(Path(tenant), Body(TenantRoles.Admin, "platform.agent"));

        (second.Replayed, second.ClientSecret, second.Client.Id).ShouldBe((true, null, first.Client.Id));
        (await owner.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed)).GetProperty("errors").TryGetProperty("role", out _).ShouldBeTrue();
        (await scope.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed)).GetProperty("errors").TryGetProperty("scopes", out _).ShouldBeTrue();
    }

    private static string Path(TenantId tenant) => $"/api/v1/tenants/{tenant}/service-clients";

    private static ServiceClientRequest Body(string role, params string[] scopes) => new() { Name = "program", Role = role, Scopes = scopes };

    private static Task<ServiceClientSecretAnswer> MakeAsync(HttpClient admin, TenantId tenant, string role, params string[] scopes) =>
        admin.CreateAsync<ServiceClientSecretAnswer>(Path(tenant), Body(role, scopes));

    private static Task<HttpResponseMessage> PutAsync(HttpClient http, TenantId tenant, Guid id, string tag, string role, string scope)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"{Path(tenant)}/{id}") { Content = JsonContent.Create(Body(role, scope)) };
        request.Headers.Add("If-Match", tag);
        return http.SendAsync(request, Cancel);
    }

    private async Task<HttpClient> WithScopeAsync(ServiceClientSecretAnswer client, string scope)
    {
        using var answer = await control.ClientTokenAsync(client.Client.ClientId, client.ClientSecret!, scope);
        return control.With((await answer.ShouldBeAsync<ControlApp.TokenAnswer>(HttpStatusCode.OK)).AccessToken);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(servers.Superuser(control.DatabaseSettings));
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(servers.Superuser(control.DatabaseSettings));
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
