using System.Net;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Tests.Pools;
using static Platform.Control.Tests.Catalog.ModelSteps;

namespace Platform.Control.Tests.Catalog;

/// <summary>The catalog says what callers may name, and what is not offered is nowhere.</summary>
public sealed class CatalogTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_entry_says_whose_the_model_is_and_what_is_behind_it()
    {
        using var http = await control.OperatorAsync();
        var (tenant, admin) = await control.TenantAsync();
        var shared = await http.PoolAsync(TenantId.Platform);
        var own = await admin.PoolAsync(tenant, PoolSteps.Pool("own") with { Engine = "openai" });
        var name = Fresh();
        await http.ModelAsync(TenantId.Platform, Model(name, shared.Id) with { Aliases = [name + "-alias"], Description = "everybody's", ContextWindow = 4096 });
        await admin.ModelAsync(tenant, Model("mine", own.Id, shared.Id));

        var catalog = await admin.CatalogAsync(tenant);

        var everybodys = catalog.Single(m => m.Name.Value == name);
        (everybodys.OwnedBy, everybodys.Shared, everybodys.Description, everybodys.ContextWindow).ShouldBe(("platform", true, "everybody's", 4096));
        everybodys.Aliases.Select(a => a.Value).ShouldBe([name + "-alias"]);
        everybodys.Engines.ShouldBe(["vllm"]);
        var mine = catalog.Single(m => m.Name.Value == "mine");
        (mine.OwnedBy, mine.Shared).ShouldBe((await SlugAsync(tenant), false));
        mine.Engines.ShouldBe(["openai", "vllm"]);
        catalog.Select(m => m.Name.Value).ShouldBe(catalog.Select(m => m.Name.Value).Order(StringComparer.InvariantCulture), ignoreOrder: true);
    }

    [Fact]
    public async Task A_tenants_own_name_or_alias_hides_what_the_catalog_has_under_it()
    {
        using var http = await control.OperatorAsync();
        var (tenant, admin) = await control.TenantAsync();
        var (_, other) = await control.TenantAsync();
        var shared = (await http.PoolAsync(TenantId.Platform)).Id;
        var (byName, byAlias, left) = (Fresh(), Fresh(), Fresh());
        foreach (var name in new[] { byName, byAlias })
            await http.ModelAsync(TenantId.Platform, Model(name, shared));
        await http.ModelAsync(TenantId.Platform, Model(left, shared) with { Aliases = [left + "-one", left + "-two"] });

        var own = await admin.ModelAsync(tenant, Model(byName, shared) with { Aliases = [byAlias, left + "-one"] });

        var catalog = await admin.CatalogAsync(tenant);
        catalog.Where(m => m.Name.Value == byName || m.Name.Value == byAlias).Select(m => m.Id).ShouldBe([own.Id]);
        catalog.Single(m => m.Name.Value == left).Aliases.Select(a => a.Value).ShouldBe([left + "-two"]);
    }

    [Fact]
    public async Task A_model_that_the_tenants_agents_cannot_send_anywhere_is_not_in_its_catalog()
    {
        using var http = await control.OperatorAsync();
        var (tenant, admin) = await control.TenantAsync();
        var here = (await http.PoolAsync(TenantId.Platform)).Id;
        var there = (await http.PoolAsync(TenantId.Platform, PoolSteps.Pool(Fresh()) with { Group = (await http.GroupAsync()).Value, Engine = "sglang" })).Id;
        var (elsewhere, both, own) = (Fresh(), Fresh(), Fresh());
        await http.ModelAsync(TenantId.Platform, Model(elsewhere, there));
        await http.ModelAsync(TenantId.Platform, Model(both, there, here));
        await admin.ModelAsync(tenant, Model(own, (await admin.PoolAsync(tenant)).Id));

        var before = await admin.CatalogAsync(tenant);
        using var policy = await http.PutAsync($"/api/v1/operator/tenants/{tenant}/isolation-policy", new OperatorIsolationPolicyRequest { AllowedPools = [here] });
        await policy.ShouldHaveTextAsync(HttpStatusCode.OK);
        var after = await admin.CatalogAsync(tenant);

        before.Select(m => m.Name.Value).ShouldNotContain(elsewhere);
        before.Single(m => m.Name.Value == both).Engines.ShouldBe(["vllm"]);
        before.Select(m => m.Name.Value).ShouldContain(own);
        after.Select(m => m.Name.Value).ShouldContain(both);
        after.Select(m => m.Name.Value).ShouldNotContain(own);
        (await http.CatalogAsync(TenantId.Platform)).Single(m => m.Name.Value == elsewhere).Engines.ShouldBe(["sglang"]);
    }

    [Fact]
    public async Task The_database_itself_hides_what_is_not_offered_its_targets_and_to_whom_it_is()
    {
        using var http = await control.OperatorAsync();
        var (chosen, _) = await control.TenantAsync();
        var (also, _) = await control.TenantAsync();
        var (other, stranger) = await control.TenantAsync();
        var pool = (await http.PoolAsync(TenantId.Platform)).Id;
        var made = await http.ModelAsync(TenantId.Platform, Model(Fresh(), pool) with { OfferedTo = [chosen, also] });

        (await SeenAsync(chosen)).ShouldBe((1, 1, 1));
        (await SeenAsync(other)).ShouldBe((0, 0, 0));
        (await stranger.GetStringAsync($"{Models(other)}?limit=200", Cancel)).ShouldNotContain(made.Id.ToString());
        using var deleted = await stranger.DeleteAsync($"{Models(other)}/{made.Id}", Cancel);
        using var put = await stranger.PutAsync($"{Models(other)}/{made.Id}", Model("x", pool));
        foreach (var answer in new[] { deleted, put })
            await answer.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);

        Task<(int Models, int Targets, int Offers)> SeenAsync(TenantId tenant) => control.Database.InTenantAsync(
            tenant,
            async (db, ct) => (
                await db.Models.CountAsync(m => m.Id == made.Id, ct),
                await db.ModelTargets.CountAsync(t => t.ModelId == made.Id, ct),
                await db.ModelOffers.CountAsync(o => o.ModelId == made.Id, ct)),
            Cancel);
    }

    [Fact]
    public async Task A_shared_model_is_read_by_a_tenant_and_written_by_operators_only()
    {
        using var http = await control.OperatorAsync();
        var (tenant, admin) = await control.TenantAsync();
        var pool = (await http.PoolAsync(TenantId.Platform)).Id;
        var made = await http.ModelAsync(TenantId.Platform, Model(Fresh(), pool));

        (await admin.GetAsync<ModelAnswer>($"{Models(tenant)}/{made.Id}")).Shared.ShouldBeTrue();
        using var put = await admin.PutAsync($"{Models(tenant)}/{made.Id}", Model("mine-now", pool));
        using var deleted = await admin.DeleteAsync($"{Models(tenant)}/{made.Id}", Cancel);

        await put.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        await deleted.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        (await http.GetAsync<ModelAnswer>($"{Models(TenantId.Platform)}/{made.Id}")).Version.ShouldBe(1);
    }

    private Task<string> SlugAsync(TenantId tenant) =>
        control.Database.InPlatformAsync((db, ct) => db.Tenants.Where(t => t.Id == tenant).Select(t => t.Slug).SingleAsync(ct), Cancel);
}
