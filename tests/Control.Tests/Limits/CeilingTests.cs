using System.Net;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Control.Tests.Limits;

/// <summary>What operators set for a tenant: it reads that, and stays below it.</summary>
public sealed class CeilingTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    /// <summary>The scope and model of a ceiling and of a quota above it, and whether that is refused.</summary>
    [Theory]
    [InlineData("tenant", null, "tenant", null, true)]
    [InlineData("tenant", null, "tenant", "m", true)]
    [InlineData("tenant", null, "project", null, true)]
    [InlineData("tenant", null, "key", "m", true)]
    [InlineData("tenant", "m", "tenant", "m", true)]
    [InlineData("tenant", "m", "tenant", null, false)]
    [InlineData("tenant", "m", "tenant", "other", false)]
    [InlineData("tenant", "m", "key", "m", true)]
    [InlineData("project", null, "project", null, true)]
    [InlineData("project", null, "key", null, true)]
    [InlineData("project", null, "tenant", null, false)]
    [InlineData("project", null, "other project", null, false)]
    [InlineData("project", null, "key of other project", null, false)]
    [InlineData("key", null, "key", "m", true)]
    [InlineData("key", null, "project", null, false)]
    [InlineData("key", null, "key of other project", null, false)]
    public async Task A_ceiling_bounds_its_own_scope_and_narrower_ones(string scope, string? model, string ownScope, string? ownModel, bool refused)
    {
        var (tenant, admin) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        var (project, key) = await Resources.ProjectAndKeyAsync(admin, tenant);
        var (otherProject, otherKey) = await Resources.ProjectAndKeyAsync(admin, tenant);
        var scopes = new Dictionary<string, (string Scope, Guid? Id)>
        {
            ["tenant"] = ("tenant", null),
            ["project"] = ("project", project.Id.Value),
            ["key"] = ("key", key.Id.Value),
            ["other project"] = ("project", otherProject.Id.Value),
            ["key of other project"] = ("key", otherKey.Id.Value),
        };
        var ceiling = await http.CreateAsync<QuotaAnswer>(
            Ceiling(tenant), new QuotaRequest { Scope = scopes[scope].Scope, ScopeId = scopes[scope].Id, Model = model, Limits = new(RequestsPerMinute: 100, TokensPerDay: 1000) });
        QuotaRequest Asked(long requests) => new()
        {
            Scope = scopes[ownScope].Scope,
            ScopeId = scopes[ownScope].Id,
            Model = ownModel,
            Limits = new(RequestsPerMinute: requests, RequestsPerDay: 1_000_000, TokensPerDay: 1000),
        };

        using var above = await admin.PostAsync(Own(tenant), Asked(101));

        if (!refused)
        {
            await above.ShouldBeAsync<QuotaAnswer>(HttpStatusCode.Created);
            return;
        }
        var problem = await above.ShouldFaultAsync("limits.requestsPerMinute");
        problem.GetProperty("errors").GetProperty("limits.requestsPerMinute")[0].GetString()!.ShouldContain(ceiling.Id.ToString());
        var made = await admin.CreateAsync<QuotaAnswer>(Own(tenant), Asked(100));
        using var raised = await admin.PutAsync($"{Own(tenant)}/{made.Id}", new UpdateQuotaRequest { Limits = new(RequestsPerMinute: 101, TokensPerDay: 1001) });
        await raised.ShouldFaultAsync("limits.requestsPerMinute", "limits.tokensPerDay");
        (await admin.ReplaceAsync<QuotaAnswer>($"{Own(tenant)}/{made.Id}", new UpdateQuotaRequest { Limits = new(RequestsPerMinute: 99) })).Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_ceiling_may_be_lowered_below_a_quota_and_agents_get_both()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        var ceiling = await http.CreateAsync<QuotaAnswer>(Ceiling(tenant), new QuotaRequest { Limits = new(RequestsPerMinute: 100) });
        var own = await admin.CreateAsync<QuotaAnswer>(Own(tenant), new QuotaRequest { Limits = new(RequestsPerMinute: 100) });

        await http.ReplaceAsync<QuotaAnswer>($"{Ceiling(tenant)}/{ceiling.Id}", new UpdateQuotaRequest { Limits = new(RequestsPerMinute: 10) });

        var quotas = (await control.DocumentAsync(tenant)).Quotas;
        quotas.ShouldBe([new(ceiling.Id, "tenant", null, null, new(10)), new(own.Id, "tenant", null, null, new(100))], ignoreOrder: true);
        quotas.ShouldBeInOrder(SortDirection.Ascending, Comparer<Contracts.Configuration.QuotaEntry>.Create((a, b) => a.Id.CompareTo(b.Id)));
    }

    [Fact]
    public async Task A_tenant_reads_what_the_operator_set_and_changes_none_of_it()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        var ceiling = await http.CreateAsync<QuotaAnswer>(Ceiling(tenant), new QuotaRequest { Limits = new(1) });
        var budget = await http.CreateAsync<BudgetAnswer>(Budgets(tenant, "operator/"), new BudgetRequest { Name = "b", Amount = 1, Currency = "EUR" });
        var own = await admin.CreateAsync<QuotaAnswer>(Own(tenant), new QuotaRequest { Limits = new(1) });

        ceiling.SetBy.ShouldBe(LimitSetters.Operator);
        (await admin.GetAsync<QuotaAnswer>($"{Own(tenant)}/{ceiling.Id}")).ShouldBe(ceiling);
        (await admin.GetAsync<BudgetAnswer>($"{Budgets(tenant)}/{budget.Id}")).SetBy.ShouldBe(LimitSetters.Operator);
        (await admin.GetAsync<Page<QuotaAnswer>>(Own(tenant))).Items.Select(q => q.SetBy).ShouldBe([LimitSetters.Operator, LimitSetters.Tenant]);
        (await http.GetAsync<Page<QuotaAnswer>>(Ceiling(tenant))).Items.ShouldHaveSingleItem().Id.ShouldBe(ceiling.Id);
        using var put = await admin.PutAsync($"{Own(tenant)}/{ceiling.Id}", new UpdateQuotaRequest { Limits = new(2) });
        using var delete = await admin.DeleteAsync($"{Own(tenant)}/{ceiling.Id}", Cancel);
        using var putBudget = await admin.PutAsync($"{Budgets(tenant)}/{budget.Id}", new UpdateBudgetRequest { Name = "b", Amount = 2, Currency = "EUR" });
        using var deleteBudget = await admin.DeleteAsync($"{Budgets(tenant)}/{budget.Id}", Cancel);
        foreach (var answer in new[] { put, delete, putBudget, deleteBudget })
            await answer.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        using var tenants = await http.DeleteAsync($"{Ceiling(tenant)}/{own.Id}", Cancel);
        await tenants.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
    }

    [Fact]
    public async Task A_limit_of_another_tenant_and_a_tenant_that_is_not_there_are_404()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (_, stranger) = await control.TenantAsync();
        var (third, thirds) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        var own = await admin.CreateAsync<QuotaAnswer>(Own(tenant), new QuotaRequest { Limits = new(1) });

        foreach (var answer in new[]
        {
            await stranger.GetAsync($"{Own(tenant)}/{own.Id}", Cancel),
            await thirds.GetAsync($"{Own(third)}/{own.Id}", Cancel),
            await thirds.PutAsync($"{Own(third)}/{own.Id}", new UpdateQuotaRequest { Limits = new(1) }),
            await http.GetAsync(Ceiling(TenantId.New()), Cancel),
            await http.PostAsync(Ceiling(TenantId.New()), new QuotaRequest { Limits = new(1) }),
            await http.PostAsync(Budgets(TenantId.New(), "operator/"), new BudgetRequest { Name = "b", Amount = 1, Currency = "EUR" }),
        })
            await answer.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
    }

    private static string Own(TenantId tenant) => $"/api/v1/tenants/{tenant}/quotas";

    private static string Ceiling(TenantId tenant) => $"/api/v1/operator/tenants/{tenant}/quotas";

    private static string Budgets(TenantId tenant, string door = "") => $"/api/v1/{door}tenants/{tenant}/budgets";
}
