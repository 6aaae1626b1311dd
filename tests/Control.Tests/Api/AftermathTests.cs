using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Control.Data;

namespace Platform.Control.Tests.Api;

/// <summary>What is left when something that others name is gone: nothing that agents would still hold, nothing that cannot be changed.</summary>
public sealed class AftermathTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Limits_leave_the_document_with_the_key_or_project_that_they_are_of()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (kept, archived) = (await ProjectAsync(admin, tenant, "kept"), await ProjectAsync(admin, tenant, "archived"));
        var key = await KeyAsync(admin, tenant, kept, null);
        await QuotaAsync(admin, tenant, LimitScopes.Key, key.Id.Value);
        await QuotaAsync(admin, tenant, LimitScopes.Project, archived.Value);
        (await DocumentAsync(tenant)).Quotas.Count.ShouldBe(2);

        using var revoked = await admin.DeleteAsync($"/api/v1/tenants/{tenant}/api-keys/{key.Id}", Cancel);
        (await DocumentAsync(tenant)).Quotas.ShouldHaveSingleItem().Scope.ShouldBe(LimitScopes.Project);
        using var gone = await admin.PostAsync($"/v1/organization/projects/{archived}/archive", null, Cancel);

        gone.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await DocumentAsync(tenant)).Quotas.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_whose_model_was_deleted_can_still_be_changed()
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.CreateAsync<PoolAnswer>($"/api/v1/tenants/{tenant}/pools", new CreatePoolRequest { Name = "p", Endpoints = [new() { Url = "https://models.example.com" }] });
        var model = await admin.CreateAsync<ModelAnswer>($"/api/v1/tenants/{tenant}/models", new ModelRequest { Name = "m", Targets = [new() { PoolId = pool.Id }] });
        var key = await KeyAsync(admin, tenant, await ProjectAsync(admin, tenant, "p"), ["m"]);
        using var deleted = await admin.DeleteAsync($"/api/v1/tenants/{tenant}/models/{model.Id}", Cancel);

        using var answer = await admin.SendAsync(
            new(HttpMethod.Put, $"/api/v1/tenants/{tenant}/api-keys/{key.Id}")
            {
                Headers = { { "If-Match", $"\"v{key.Version}\"" } },
                Content = JsonContent.Create(new UpdateApiKeyRequest { Name = "renamed", AllowedModels = ["m"] }),
            },
            Cancel);

        (await answer.ShouldBeAsync<ApiKeyAnswer>(HttpStatusCode.OK)).AllowedModels.ShouldBe(["m"]);
    }

    [Fact]
    public async Task A_write_that_was_let_in_before_the_tenant_closed_leaves_nothing_behind()
    {
        var (tenant, _) = await control.TenantAsync();
        await control.Database.InPlatformAsync(
            (db, ct) => db.Tenants.Where(t => t.Id == tenant).ExecuteUpdateAsync(t => t.SetProperty(r => r.ClosedAt, DateTimeOffset.UtcNow), ct), Cancel);
        var writer = control.Services.GetRequiredService<ConfigWriter>();

        var heard = await writer.InTenantAsync<bool>(tenant, TestCall.Make(), (_, _) => throw new InvalidOperationException("let in"), Cancel);
        var unheard = await writer.UnheardInTenantAsync<bool>(tenant, TestCall.Make(), (_, _) => throw new InvalidOperationException("let in"), Cancel);

        (heard.Failure!.Status, unheard.Failure!.Status).ShouldBe((StatusNotFound, StatusNotFound));
    }

    [Fact]
    public async Task The_group_that_sign_ups_go_to_stays()
    {
        using var http = await control.OperatorAsync();
        var name = "g" + Guid.NewGuid().ToString("N")[..20];
        await http.CreateAsync<AgentGroupAnswer>("/api/v1/agent-groups", new CreateAgentGroupRequest { Name = name });
        await control.Database.InPlatformAsync(
            (db, ct) => db.PlatformSettings.ExecuteUpdateAsync(s => s.SetProperty(r => r.SignUpGroup, AgentGroupName.Parse(name)), ct), Cancel);

        using var used = await http.DeleteAsync($"/api/v1/agent-groups/{name}", Cancel);

        await used.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.InUse);
    }

    [Fact]
    public async Task An_enrolment_token_is_made_once_for_an_idempotency_key_and_shown_once()
    {
        using var http = await control.OperatorAsync();
        http.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());

        using var first = await http.PostAsync("/api/v1/agent-groups/default/enrolment-tokens", new CreateEnrolmentTokenRequest());
        using var again = await http.PostAsync("/api/v1/agent-groups/default/enrolment-tokens", new CreateEnrolmentTokenRequest());

        (await first.ShouldBeAsync<EnrolmentTokenAnswer>(HttpStatusCode.OK)).Token.ShouldNotBeNull();
        var replayed = await again.ShouldBeAsync<EnrolmentTokenAnswer>(HttpStatusCode.OK);
        (replayed.Token, replayed.Replayed).ShouldBe((null, true));
    }

    private const int StatusNotFound = (int)HttpStatusCode.NotFound;

    private static async Task<ProjectId> ProjectAsync(HttpClient http, TenantId tenant, string name) =>
        (await http.CreateAsync<ProjectAnswer>($"/api/v1/tenants/{tenant}/projects", new ProjectRequest { Name = name })).Id;

    private static async Task<ApiKeyAnswer> KeyAsync(HttpClient http, TenantId tenant, ProjectId project, string[]? models) =>
        (await http.CreateAsync<CreatedApiKeyAnswer>(
            $"/api/v1/tenants/{tenant}/api-keys", new CreateApiKeyRequest { Name = "k", ProjectId = project, AllowedModels = models })).ApiKey;

    private static async Task QuotaAsync(HttpClient http, TenantId tenant, string scope, Guid id)
    {
        using var answer = await http.PostAsync($"/api/v1/tenants/{tenant}/quotas", new { scope, scopeId = id, limits = new { requestsPerMinute = 5 } });
        await answer.ShouldHaveTextAsync(HttpStatusCode.Created);
    }

    private async Task<TenantDocument> DocumentAsync(TenantId tenant) => (await control.Database.InPlatformAsync(
        (db, ct) => db.ConfigResources.Where(r => r.TenantId == tenant && r.Kind == ConfigKinds.Tenant).Select(r => r.Document).SingleAsync(ct), Cancel))!
        .Value.Deserialize(WireJson.Default.TenantDocument)!;
}
