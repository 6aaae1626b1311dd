using System.Net;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Control.Tests.Limits;

public sealed class QuotaTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_quota_is_made_read_changed_and_deleted_and_agents_get_each_change()
    {
        var (tenant, admin) = await control.TenantAsync();
        var path = Own(tenant);

        var made = await admin.CreateAsync<QuotaAnswer>(path, new QuotaRequest { Model = "m", Limits = new(RequestsPerMinute: 10, ConcurrentRequests: 2) });
        made.ShouldBe(new(made.Id, "tenant", null, "m", new(10, null, null, null, 2), "tenant", made.CreatedAt, 1));
        (await control.DocumentAsync(tenant)).Quotas.ShouldHaveSingleItem().ShouldBe(new(made.Id, "tenant", null, "m", new(10, null, null, null, 2)));

        var changed = await admin.ReplaceAsync<QuotaAnswer>($"{path}/{made.Id}", new UpdateQuotaRequest { Limits = new(TokensPerDay: 5) }, "\"v1\"");
        changed.Limits.ShouldBe(new(TokensPerDay: 5));
        changed.Version.ShouldBe(2);
        (await admin.GetAsync<QuotaAnswer>($"{path}/{made.Id}")).ShouldBe(changed);
        (await control.DocumentAsync(tenant)).Quotas.Single().Limits.ShouldBe(new(TokensPerDay: 5));
        using var stale = await admin.PutAsync($"{path}/{made.Id}", new UpdateQuotaRequest { Limits = new(TokensPerDay: 6) }, "\"v1\"");
        await stale.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.VersionMismatch);

        await admin.RemoveAsync($"{path}/{made.Id}");
        (await control.DocumentAsync(tenant)).Quotas.ShouldBeEmpty();
        using var gone = await admin.GetAsync($"{path}/{made.Id}", Cancel);
        await gone.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        var trail = await control.Database.InTenantAsync(
            tenant, (db, ct) => db.AuditEvents.Where(a => a.Target == made.Id.ToString()).OrderBy(a => a.Id).Select(a => a.Action).ToListAsync(ct), Cancel);
        trail.ShouldBe(["quota.create", "quota.update", "quota.delete"]);
    }

    [Theory]
    [InlineData("{}", "limits")]
    [InlineData("""{"limits":null}""", "limits")]
    [InlineData("""{"scope":"team","limits":{"requestsPerDay":1}}""", "scope")]
    [InlineData("""{"model":"not good","limits":{"requestsPerDay":1}}""", "model")]
    [InlineData("""{"limits":{"requestsPerMinute":0,"tokensPerMinute":-1}}""", "limits.requestsPerMinute", "limits.tokensPerMinute")]
    [InlineData("""{"limits":{"requestsPerMinute":1000000001,"requestsPerDay":1000000000001}}""", "limits.requestsPerMinute", "limits.requestsPerDay")]
    [InlineData("""{"limits":{"tokensPerMinute":1000000000001,"tokensPerDay":1000000000000001,"concurrentRequests":1000001}}""", "limits.tokensPerMinute", "limits.tokensPerDay", "limits.concurrentRequests")]
    [InlineData("""{"scopeId":"01965d3a-7c1e-7b42-9f7e-3f0a5b1c2d3e","limits":{"requestsPerDay":1}}""", "scopeId")]
    [InlineData("""{"scope":"project","limits":{"requestsPerDay":1}}""", "scopeId")]
    [InlineData("""{"scope":"key","limits":{"requestsPerDay":1}}""", "scopeId")]
    public async Task Every_fault_is_named_by_its_path(string body, params string[] paths)
    {
        var (tenant, admin) = await control.TenantAsync();
        using var http = await control.OperatorAsync();

        using var own = await admin.SendTextAsync(HttpMethod.Post, Own(tenant), body);
        using var ceiling = await http.SendTextAsync(HttpMethod.Post, Ceiling(tenant), body);

        await own.ShouldFaultAsync(paths);
        await ceiling.ShouldFaultAsync(paths);
    }

    [Fact]
    public async Task Another_tenants_projects_and_keys_are_unknown_and_so_are_those_that_ended()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (other, theirs) = await control.TenantAsync();
        var (project, key) = await Resources.ProjectAndKeyAsync(theirs, other);
        var (ended, revoked) = await Resources.ProjectAndKeyAsync(admin, tenant);
        using var revoke = await admin.PostAsync($"/api/v1/tenants/{tenant}/api-keys/{revoked.Id}/revoke", new { });
        revoke.StatusCode.ShouldBe(HttpStatusCode.OK);
        await admin.RemoveAsync($"/api/v1/tenants/{tenant}/projects/{ended.Id}");

        foreach (var (scope, id, code) in new[]
        {
            ("project", project.Id.Value, ProblemCodes.ProjectUnknown), ("key", key.Id.Value, ProblemCodes.KeyUnknown),
            ("project", ended.Id.Value, ProblemCodes.ProjectUnknown), ("key", revoked.Id.Value, ProblemCodes.KeyUnknown),
            ("project", Guid.NewGuid(), ProblemCodes.ProjectUnknown), ("key", Guid.NewGuid(), ProblemCodes.KeyUnknown),
        })
        {
            using var answer = await admin.PostAsync(Own(tenant), new QuotaRequest { Scope = scope, ScopeId = id, Limits = new(1) });
            (await answer.ShouldFaultAsync("scopeId")).GetProperty("code").GetString().ShouldBe(code);
        }
    }

    [Fact]
    public async Task There_is_one_quota_for_each_scope_and_model_of_each_side()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        foreach (var model in new[] { null, "m" })
        {
            await admin.CreateAsync<QuotaAnswer>(Own(tenant), new QuotaRequest { Model = model, Limits = new(1) });
            await http.CreateAsync<QuotaAnswer>(Ceiling(tenant), new QuotaRequest { Model = model, Limits = new(10) });
            using var again = await admin.PostAsync(Own(tenant), new QuotaRequest { Model = model, Limits = new(1) });
            await again.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.NameTaken);
        }

        var raced = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => admin.PostAsync(Own(tenant), new QuotaRequest { Model = "raced", Limits = new(1) })));

        raced.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        raced.Count(a => a.StatusCode == HttpStatusCode.Conflict).ShouldBe(5);
    }

    [Fact]
    public async Task A_list_is_narrowed_by_scope_and_by_model()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (project, _) = await Resources.ProjectAndKeyAsync(admin, tenant);
        await admin.CreateAsync<QuotaAnswer>(Own(tenant), new QuotaRequest { Limits = new(1) });
        await admin.CreateAsync<QuotaAnswer>(Own(tenant), new QuotaRequest { Model = "m", Limits = new(1) });
        await admin.CreateAsync<QuotaAnswer>(Own(tenant), new QuotaRequest { Scope = "project", ScopeId = project.Id.Value, Model = "m", Limits = new(1) });

        (await admin.GetAsync<Page<QuotaAnswer>>(Own(tenant))).Items.Count.ShouldBe(3);
        (await admin.GetAsync<Page<QuotaAnswer>>($"{Own(tenant)}?scope=project")).Items.Single().ScopeId.ShouldBe(project.Id.Value);
        (await admin.GetAsync<Page<QuotaAnswer>>($"{Own(tenant)}?model=m")).Items.Count.ShouldBe(2);
        (await admin.GetAsync<Page<QuotaAnswer>>($"{Own(tenant)}?model=m&scope=tenant")).Items.Count.ShouldBe(1);
        using var unknown = await admin.GetAsync($"{Own(tenant)}?scope=team", Cancel);
        await unknown.ShouldFaultAsync("scope");
    }

    [Fact]
    public async Task Limits_of_what_works_no_more_are_left_out_of_the_document()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (project, key) = await Resources.ProjectAndKeyAsync(admin, tenant);
        var budgets = $"/api/v1/tenants/{tenant}/budgets";
        foreach (var (scope, id) in new[] { ("project", project.Id.Value), ("key", key.Id.Value) })
        {
            await admin.CreateAsync<QuotaAnswer>(Own(tenant), new QuotaRequest { Scope = scope, ScopeId = id, Limits = new(1) });
            await admin.CreateAsync<BudgetAnswer>(budgets, new BudgetRequest { Name = scope, Scope = scope, ScopeId = id, Amount = 1, Currency = "EUR" });
        }
        var before = await control.DocumentAsync(tenant);
        using var revoke = await admin.PostAsync($"/api/v1/tenants/{tenant}/api-keys/{key.Id}/revoke", new { });
        await admin.RemoveAsync($"/api/v1/tenants/{tenant}/projects/{project.Id}");

        await admin.CreateAsync<QuotaAnswer>(Own(tenant), new QuotaRequest { Limits = new(1) });

        (before.Quotas.Count, before.Budgets.Count).ShouldBe((2, 2));
        var after = await control.DocumentAsync(tenant);
        after.Quotas.ShouldHaveSingleItem().Scope.ShouldBe(LimitScopes.Tenant);
        after.Budgets.ShouldBeEmpty();
    }

    [Fact]
    public async Task Quotas_are_found_and_sorted_by_their_model()
    {
        var (tenant, admin) = await control.TenantAsync();
        foreach (var model in new[] { "large-b", "small", "large-a", null })
            await admin.CreateAsync<QuotaAnswer>(Own(tenant), new QuotaRequest { Model = model, Limits = new(1) });

        (await admin.AllAsync<QuotaAnswer>($"{Own(tenant)}?q=LARGE&sort=model&limit=1")).ConvertAll(q => q.Model).ShouldBe(["large-a", "large-b"]);
        (await admin.AllAsync<QuotaAnswer>($"{Own(tenant)}?sort=-model&limit=2")).ConvertAll(q => q.Model).ShouldBe(["small", "large-b", "large-a", null]);
    }

    [Fact]
    public async Task A_dry_run_shows_the_document_and_changes_nothing()
    {
        var (tenant, admin) = await control.TenantAsync();

        using var answer = await admin.PostAsync($"{Own(tenant)}?dryRun=true", new QuotaRequest { Limits = new(7) });

        var tried = await answer.ShouldBeAsync<DryRunAnswer<QuotaAnswer>>(HttpStatusCode.OK);
        tried.Agents.ShouldHaveSingleItem().Document!.Value.GetProperty("quotas")[0].GetProperty("limits").GetProperty("requestsPerMinute").GetInt32().ShouldBe(7);
        (await admin.GetAsync<Page<QuotaAnswer>>(Own(tenant))).Items.ShouldBeEmpty();
        (await control.DocumentAsync(tenant)).Quotas.ShouldBeEmpty();
    }

    private static string Own(TenantId tenant) => $"/api/v1/tenants/{tenant}/quotas";

    private static string Ceiling(TenantId tenant) => $"/api/v1/operator/tenants/{tenant}/quotas";
}
