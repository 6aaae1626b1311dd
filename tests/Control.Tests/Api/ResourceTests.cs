using System.Net;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Control.Tests.Api;

/// <summary>Tenants, projects, pools and models through the door.</summary>
public sealed class ResourceTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_taken_name_answers_409()
    {
        var (tenant, admin) = await control.TenantAsync();
        var shared = await SharedPoolAsync();
        foreach (var (path, body) in new (string, object)[]
        {
            ("projects", new ProjectRequest { Name = "one" }),
            ("pools", Pool("one")),
            ("models", Model("one", shared)),
        })
        {
            using var first = await admin.PostAsync($"/api/v1/tenants/{tenant}/{path}", body);
            first.StatusCode.ShouldBe(HttpStatusCode.Created);
            using var second = await admin.PostAsync($"/api/v1/tenants/{tenant}/{path}", body);
            await second.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.NameTaken);
        }
    }

    [Fact]
    public async Task A_taken_slug_answers_409_and_so_does_the_platforms_own()
    {
        using var http = await control.OperatorAsync();
        var slug = "s" + Guid.NewGuid().ToString("N")[..12];
        await http.CreateAsync<TenantAnswer>("/api/v1/tenants", new CreateTenantRequest { Name = "A", Slug = slug });
        foreach (var taken in new[] { slug, "platform" })
        {
            using var answer = await http.PostAsync("/api/v1/tenants", new CreateTenantRequest { Name = "B", Slug = taken });
            await answer.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.NameTaken);
        }
    }

    [Fact]
    public async Task Of_many_who_create_the_same_name_at_once_one_succeeds()
    {
        var (tenant, admin) = await control.TenantAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => admin.PostAsync($"/api/v1/tenants/{tenant}/pools", Pool("same"))));

        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.Conflict).ShouldBe(7);
        (await admin.GetAsync<Page<PoolAnswer>>($"/api/v1/tenants/{tenant}/pools")).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Names_of_one_tenant_are_free_for_another()
    {
        var (one, oneAdmin) = await control.TenantAsync();
        var (two, twoAdmin) = await control.TenantAsync();

        await oneAdmin.CreateAsync<ProjectAnswer>($"/api/v1/tenants/{one}/projects", new ProjectRequest { Name = "same" });
        await twoAdmin.CreateAsync<ProjectAnswer>($"/api/v1/tenants/{two}/projects", new ProjectRequest { Name = "same" });
    }

    [Fact]
    public async Task A_provider_key_is_sealed_and_never_answered()
    {
        const string key = "sk-upstream-very-secret";
        var (tenant, admin) = await control.TenantAsync();

        using var created = await admin.PostAsync($"/api/v1/tenants/{tenant}/pools", Pool("p") with { ProviderKey = key });
        var pool = await created.ShouldBeAsync<PoolAnswer>(HttpStatusCode.Created);

        pool.HasProviderKey.ShouldBeTrue();
        (await created.Content.ReadAsStringAsync(Cancel)).ShouldNotContain(key);
        var listed = await admin.GetStringAsync($"/api/v1/tenants/{tenant}/pools", Cancel);
        listed.ShouldContain("\"hasProviderKey\":true");
        listed.ShouldNotContain(key);
        var stored = await control.Database.InTenantAsync(tenant, (db, ct) => db.ProviderKeys.SingleAsync(k => k.PoolId == pool.Id, ct), Cancel);
        System.Text.Encoding.UTF8.GetString(stored.Sealed).ShouldNotContain(key);
    }

    [Fact]
    public async Task An_operators_pool_may_be_plain_and_private_and_reaches_the_group()
    {
        var pool = await SharedPoolAsync();

        var resource = await control.Database.InTenantAsync(
            TenantId.Platform,
            (db, ct) => db.ConfigResources.SingleAsync(r => r.Kind == ConfigKinds.Pool && r.Key == pool.ToString(), ct),
            Cancel);
        resource.Document.ToString()!.ShouldContain("http://10.0.0.1:8000");
    }

    [Fact]
    public async Task A_model_may_target_own_and_shared_pools_but_nobody_elses()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (other, otherAdmin) = await control.TenantAsync();
        var own = (await admin.CreateAsync<PoolAnswer>($"/api/v1/tenants/{tenant}/pools", Pool("own"))).Id;
        var foreign = (await otherAdmin.CreateAsync<PoolAnswer>($"/api/v1/tenants/{other}/pools", Pool("own"))).Id;
        var shared = await SharedPoolAsync();

        var model = await admin.CreateAsync<ModelAnswer>($"/api/v1/tenants/{tenant}/models", Model("mine", own, shared));
        using var refused = await admin.PostAsync($"/api/v1/tenants/{tenant}/models", Model("theirs", foreign));

        model.Targets.Select(t => t.PoolId).ShouldBe([own, shared]);
        model.Targets.ShouldAllBe(t => t.UpstreamModel == "mine");
        await refused.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.PoolUnknown);
    }

    [Fact]
    public async Task A_shared_model_is_in_every_tenants_list()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        var name = "shared-" + Guid.NewGuid().ToString("N");
        await http.CreateAsync<ModelAnswer>($"/api/v1/tenants/{TenantId.Platform}/models", Model(name, await SharedPoolAsync()));

        var listed = (await admin.GetAsync<Page<ModelAnswer>>($"/api/v1/tenants/{tenant}/models?limit=200")).Items;

        var model = listed.Single(m => m.Name.Value == name);
        model.Shared.ShouldBeTrue();
        model.OwnedBy.ShouldBe("platform");
        model.Targets.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_group_that_there_is_not_is_refused()
    {
        using var http = await control.OperatorAsync();

        using var answer = await http.PostAsync("/api/v1/tenants", new CreateTenantRequest { Name = "A", Slug = "in-no-group", Group = "nowhere" });

        await answer.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.GroupUnknown);
    }

    private async Task<PoolId> SharedPoolAsync()
    {
        using var http = await control.OperatorAsync();
        var request = Pool(Guid.NewGuid().ToString("N")) with { Endpoints = [new() { Url = "http://10.0.0.1:8000" }] };
        return (await http.CreateAsync<PoolAnswer>($"/api/v1/tenants/{TenantId.Platform}/pools", request)).Id;
    }

    private static CreatePoolRequest Pool(string name) => new() { Name = name, Endpoints = [new() { Url = "https://models.example.com" }] };

    private static ModelRequest Model(string name, params PoolId[] pools) =>
        new() { Name = name, Targets = [.. pools.Select(p => new ModelTargetRequest { PoolId = p })] };
}
