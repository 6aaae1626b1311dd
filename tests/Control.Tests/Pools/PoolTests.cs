using System.Net;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using static Platform.Control.Tests.Pools.PoolSteps;

namespace Platform.Control.Tests.Pools;

public sealed class PoolTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pool_is_made_read_renamed_and_deleted_and_agents_hear_of_each()
    {
        var (tenant, admin) = await control.TenantAsync();
        var made = await admin.PoolAsync(tenant, Pool("one") with { Endpoints = [new() { Url = "https://models.example.com/", Capacity = 8 }] });
        var first = await control.DocumentAsync(made, tenant);

        using var put = await admin.PutAsync(Path(tenant, made.Id), new UpdatePoolRequest { Name = "two", Engine = "openai" }, "\"v1\"");
        var changed = await put.ShouldBeAsync<PoolAnswer>(HttpStatusCode.OK);
        var read = await admin.GetAsync<PoolAnswer>(Path(tenant, made.Id));
        var second = await control.DocumentAsync(made, tenant);
        await admin.DeleteAsync(Path(tenant, made.Id), HttpStatusCode.NoContent);

        (first!.Name, first.Engine, first.AllowPrivateNetworks).ShouldBe(("one", "vllm", false));
        first.Endpoints.Single().Url.ToString().ShouldBe("https://models.example.com/");
        (first.Endpoints.Single().Capacity, first.Endpoints.Single().Draining).ShouldBe((8, false));
        put.Headers.ETag!.Tag.ShouldBe("\"v2\"");
        (changed.Name, changed.Engine, changed.Version).ShouldBe(("two", "openai", 2));
        (read.Name, read.Version, read.Endpoints.Single()).ShouldBe((changed.Name, changed.Version, changed.Endpoints.Single()));
        (second!.Name, second.Engine).ShouldBe(("two", "openai"));
        (await control.DocumentAsync(made, tenant)).ShouldBeNull();
        await admin.ShouldBeGoneAsync(Path(tenant, made.Id));
        (await admin.GetAsync<Page<PoolAnswer>>(Path(tenant))).Items.ShouldBeEmpty();
        (await control.ActionsAsync(tenant, made.Id.ToString())).ShouldBe(["pool.create", "pool.update", "pool.delete"]);
    }

    [Fact]
    public async Task A_change_of_a_version_that_was_not_read_is_412_and_a_dry_run_changes_nothing()
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant);

        using var stale = await admin.PutAsync(Path(tenant, pool.Id), new UpdatePoolRequest { Name = "x" }, "\"v7\"");
        using var tried = await admin.PutAsync(Path(tenant, pool.Id) + "?dryRun=true", new UpdatePoolRequest { Name = "x" });

        await stale.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.VersionMismatch);
        var preview = await tried.ShouldBeAsync<DryRunAnswer<PoolAnswer>>(HttpStatusCode.OK);
        preview.Resource!.Name.ShouldBe("x");
        preview.Agents.Single().Document!.Value.GetProperty("name").GetString().ShouldBe("x");
        (await admin.GetAsync<PoolAnswer>(Path(tenant, pool.Id))).Name.ShouldBe(pool.Name);
    }

    [Fact]
    public async Task The_list_is_sorted_searched_and_filtered_by_engine()
    {
        var (tenant, admin) = await control.TenantAsync();
        foreach (var (name, engine) in new[] { ("b-west", "vllm"), ("c-east", "openai"), ("a-west", "openai") })
            await admin.PoolAsync(tenant, Pool(name) with { Engine = engine });

        (await NamesAsync("?sort=name")).ShouldBe(["a-west", "b-west", "c-east"]);
        (await NamesAsync("?sort=-name&limit=2")).ShouldBe(["c-east", "b-west"]);
        (await NamesAsync("?q=WEST&sort=name")).ShouldBe(["a-west", "b-west"]);
        (await NamesAsync("?engine=openai")).ShouldBe(["c-east", "a-west"]);
        using var wrong = await admin.GetAsync(Path(tenant) + "?engine=steam", Cancel);
        await wrong.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed);

        async Task<IEnumerable<string>> NamesAsync(string query) => (await admin.GetAsync<Page<PoolAnswer>>(Path(tenant) + query)).Items.Select(p => p.Name);
    }

    [Fact]
    public async Task A_pool_that_models_target_stays_and_the_answer_names_them()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        var own = await admin.PoolAsync(tenant);
        var shared = await http.PoolAsync(TenantId.Platform);
        await admin.CreateAsync<ModelAnswer>(
            $"/api/v1/tenants/{tenant}/models", new ModelRequest { Name = "mine", Targets = [new() { PoolId = own.Id }, new() { PoolId = shared.Id }] });
        var slug = await control.Database.InPlatformAsync((db, ct) => db.Tenants.Where(t => t.Id == tenant).Select(t => t.Slug).SingleAsync(ct), Cancel);

        using var ownAnswer = await admin.DeleteAsync(Path(tenant, own.Id), Cancel);
        using var sharedAnswer = await http.DeleteAsync(Path(TenantId.Platform, shared.Id), Cancel);

        (await ownAnswer.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.InUse)).GetProperty("detail").GetString().ShouldBe("Models target the pool: mine.");
        (await sharedAnswer.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.InUse)).GetProperty("detail").GetString()
            .ShouldBe($"Models target the pool: {slug}/mine.");
        (await control.DocumentAsync(own, tenant)).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_name_of_a_deleted_pool_is_free_again_and_its_credential_is_gone()
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant, Pool("name") with { ProviderKey = "sk-upstream-credential" });

        await admin.DeleteAsync(Path(tenant, pool.Id), HttpStatusCode.NoContent);

        (await control.Database.InTenantAsync(tenant, (db, ct) => db.ProviderKeys.CountAsync(k => k.TenantId == tenant, ct), Cancel)).ShouldBe(0);
        (await admin.PoolAsync(tenant, Pool("name"))).Id.ShouldNotBe(pool.Id);
    }

    [Fact]
    public async Task An_operator_names_the_group_of_a_shared_pool_and_a_tenant_none()
    {
        using var http = await control.OperatorAsync();
        var (tenant, admin) = await control.TenantAsync();
        var group = await GroupAsync(http);

        var shared = await http.PoolAsync(TenantId.Platform, Pool(group, "http://10.0.0.1:8000") with { Group = group });
        using var unknown = await http.PostAsync(Path(TenantId.Platform), Pool("p") with { Group = "nowhere" });
        using var tenants = await admin.PostAsync(Path(tenant), Pool("p", "https://10.0.0.1") with { Group = "default" });

        shared.Group.Value.ShouldBe(group);
        (await control.DocumentAsync(shared, TenantId.Platform))!.AllowPrivateNetworks.ShouldBeTrue();
        await unknown.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.GroupUnknown);
        var problem = await tenants.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.ValidationFailed);
        problem.GetProperty("errors").EnumerateObject().Select(e => e.Name).Order().ShouldBe(["endpoints[0].url", "group"]);
    }

    [Fact]
    public async Task A_tenant_sees_the_shared_pools_of_its_group_without_their_addresses()
    {
        using var http = await control.OperatorAsync();
        var (tenant, admin) = await control.TenantAsync();
        var here = await http.PoolAsync(TenantId.Platform, Pool("here-" + Guid.NewGuid(), "http://10.0.0.1:8000"));
        var gone = await http.PoolAsync(TenantId.Platform);
        await http.DeleteAsync(Path(TenantId.Platform, gone.Id), HttpStatusCode.NoContent);
        var elsewhere = await http.PoolAsync(TenantId.Platform, Pool("there-" + Guid.NewGuid()) with { Group = await GroupAsync(http) });
        var own = await admin.PoolAsync(tenant);

        var text = await admin.GetStringAsync($"/api/v1/tenants/{tenant}/shared-pools?limit=200", Cancel);

        text.ShouldContain(here.Id.ToString());
        text.ShouldNotContain("10.0.0.1");
        foreach (var other in new[] { gone, elsewhere, own })
            text.ShouldNotContain(other.Id.ToString());
    }

    [Fact]
    public async Task Another_tenants_pool_does_not_exist()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (_, stranger) = await control.TenantAsync();
        var (other, _) = await control.TenantAsync();
        using var both = await control.CallerAsync(tenant: other);
        var pool = await admin.PoolAsync(tenant, Pool("p") with { ProviderKey = "sk-upstream-credential" });
        var below = new[] { "", "/endpoints", $"/endpoints/{pool.Endpoints[0].Id}", "/provider-key" };

        foreach (var path in below)
        {
            await both.ShouldBeGoneAsync(Path(other, pool.Id, path));
            await stranger.ShouldBeGoneAsync(Path(tenant, pool.Id, path));
        }
        await both.DeleteAsync(Path(other, pool.Id), HttpStatusCode.NotFound);
        await both.DeleteAsync(Path(other, pool.Id, "/provider-key"), HttpStatusCode.NotFound);
        await both.DeleteAsync(Path(other, pool.Id, below[2]), HttpStatusCode.NotFound);
        foreach (var path in new[] { "/test", below[2] + "/drain", below[2] + "/undrain" })
        {
            using var posted = await both.PostAsync(Path(other, pool.Id, path), null, Cancel);
            await posted.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        }
        using var put = await both.PutAsync(Path(other, pool.Id), new UpdatePoolRequest { Name = "mine" });
        using var key = await both.PutAsync(Path(other, pool.Id, "/provider-key"), new ProviderKeyRequest { Key = "mine" });
        using var added = await both.PostAsync(Path(other, pool.Id, "/endpoints"), new CreateEndpointRequest { Url = "https://models.example.com" });
        foreach (var answer in new[] { put, key, added })
            await answer.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        (await admin.GetAsync<PoolAnswer>(Path(tenant, pool.Id))).Version.ShouldBe(1);
    }

    private static async Task<string> GroupAsync(HttpClient http)
    {
        var name = $"g{Guid.NewGuid():N}"[..20];
        await http.CreateAsync<AgentGroupAnswer>("/api/v1/agent-groups", new { name });
        return name;
    }
}
