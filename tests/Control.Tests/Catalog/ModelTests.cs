using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;

namespace Platform.Control.Tests.Catalog;

/// <summary>Models of a tenant and of the platform, whom they are offered to, and what agents get of them.</summary>
public sealed class ModelTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Targets_fallbacks_and_aliases_reach_the_agents_in_their_order()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (first, second) = (await PoolAsync(admin, tenant), await PoolAsync(admin, tenant));

        var made = await admin.CreateAsync<ModelAnswer>(Path(tenant), new ModelRequest
        {
            Name = "mine",
            Aliases = ["my-alias"],
            Description = "ours",
            ContextWindow = 8192,
            Targets = [new() { PoolId = second, Tier = 1 }, new() { PoolId = first, Weight = 3, UpstreamModel = "up" }],
        });

        made.Targets.ShouldBe([new(first, "up", 3, 0), new(second, "mine", 1, 1)]);
        var entry = (await TenantDocumentAsync(tenant)).Models.ShouldHaveSingleItem();
        entry.Targets.ShouldBe([new(first, "up", 3, 0), new(second, "mine", 1, 1)]);
        entry.Aliases.ShouldBe([ModelName.Parse("my-alias")]);
        (await admin.GetAsync<ModelAnswer>($"{Path(tenant)}/{made.Id}")).Description.ShouldBe("ours");
    }

    [Fact]
    public async Task A_model_is_replaced_whole_and_deleted_for_callers()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (first, second) = (await PoolAsync(admin, tenant), await PoolAsync(admin, tenant));
        var made = await admin.CreateAsync<ModelAnswer>(Path(tenant), new ModelRequest { Name = "a", Aliases = ["b"], Targets = [new() { PoolId = first }, new() { PoolId = second }] });

        using var put = await PutAsync(admin, tenant, made, new() { Name = "c", Targets = [new() { PoolId = second, Weight = 7 }] });
        var changed = await put.ShouldBeAsync<ModelAnswer>(HttpStatusCode.OK);
        var after = (await TenantDocumentAsync(tenant)).Models.ShouldHaveSingleItem();
        using var stale = await PutAsync(admin, tenant, made, new() { Name = "d", Targets = [new() { PoolId = second }] });
        using var deleted = await admin.DeleteAsync($"{Path(tenant)}/{made.Id}", Cancel);

        (changed.Name.Value, changed.Version).ShouldBe(("c", 2));
        (after.Name.Value, after.Aliases, after.Targets.Single().Weight).ShouldBe(("c", null, 7));
        stale.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await TenantDocumentAsync(tenant)).Models.ShouldBeEmpty();
        using var gone = await admin.GetAsync($"{Path(tenant)}/{made.Id}", Cancel);
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await admin.CreateAsync<ModelAnswer>(Path(tenant), new ModelRequest { Name = "c", Targets = [new() { PoolId = first }] });
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_model_is_said_at_once_and_anothers_pool_does_not_exist()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (other, stranger) = await control.TenantAsync();
        var (own, foreign) = (await PoolAsync(admin, tenant), await PoolAsync(stranger, other));
        await admin.CreateAsync<ModelAnswer>(Path(tenant), new ModelRequest { Name = "taken", Aliases = ["also-taken"], Targets = [new() { PoolId = own }] });

        using var answer = await admin.PostAsync(Path(tenant), new ModelRequest
        {
            Name = "also-taken",
            Aliases = ["taken", "not good", "x", "x"],
            Targets = [new() { PoolId = own }, new() { PoolId = foreign }, new() { PoolId = PoolId.New() }],
            OfferedTo = [other],
        });
        using var onlyPools = await admin.PostAsync(Path(tenant), new ModelRequest { Name = "m", Targets = [new() { PoolId = foreign }] });
        using var unknown = await admin.PostAsync(Path(tenant), new ModelRequest { Name = "m", Targets = [new() { PoolId = PoolId.New() }] });

        var errors = (await answer.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.ValidationFailed)).GetProperty("errors");
        errors.EnumerateObject().Select(e => e.Name).ShouldBe(
            ["name", "aliases[0]", "aliases[1]", "aliases[3]", "targets[1].poolId", "targets[2].poolId", "offeredTo"], ignoreOrder: true);
        var one = await onlyPools.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.PoolUnknown);
        var two = await unknown.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.PoolUnknown);
        one.EnumerateObject().Select(p => p.Name).ShouldBe(two.EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task A_model_that_is_offered_by_name_is_seen_by_nobody_else()
    {
        using var http = await control.OperatorAsync();
        var (chosen, friend) = await control.TenantAsync();
        var (other, stranger) = await control.TenantAsync();
        var name = $"m{Guid.NewGuid():N}";
        var pool = await PoolAsync(http, TenantId.Platform);

        var made = await http.CreateAsync<ModelAnswer>(Path(TenantId.Platform), new ModelRequest { Name = name, Targets = [new() { PoolId = pool }], OfferedTo = [chosen] });

        made.OfferedTo.ShouldBe([chosen]);
        (await NamesAsync(friend, chosen)).ShouldContain(name);
        (await NamesAsync(stranger, other)).ShouldNotContain(name);
        (await friend.GetAsync<ModelAnswer>($"{Path(chosen)}/{made.Id}")).OfferedTo.ShouldBeNull("a tenant does not learn of others");
        using var hidden = await stranger.GetAsync($"{Path(other)}/{made.Id}", Cancel);
        await hidden.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        (await CatalogAsync(friend, chosen)).ShouldContain(name);
        (await CatalogAsync(stranger, other)).ShouldNotContain(name);
        (await CatalogEntryAsync(name))!.OfferedTo.ShouldBe([chosen]);
        using var own = await stranger.PostAsync($"/api/v1/tenants/{other}/api-keys", new { name = "k", projectId = ProjectId.New(), allowedModels = new[] { name } });
        (await own.Content.ReadAsStringAsync(Cancel)).ShouldContain("allowedModels[0]");
    }

    [Fact]
    public async Task A_change_of_an_offer_reaches_the_agents_and_takes_back_what_it_gave()
    {
        using var http = await control.OperatorAsync();
        var (chosen, friend) = await control.TenantAsync();
        var name = $"m{Guid.NewGuid():N}";
        var pool = await PoolAsync(http, TenantId.Platform);
        var made = await http.CreateAsync<ModelAnswer>(Path(TenantId.Platform), new ModelRequest { Name = name, Targets = [new() { PoolId = pool }] });
        (await CatalogEntryAsync(name))!.OfferedTo.ShouldBeNull();

        using var put = await PutAsync(http, TenantId.Platform, made, new() { Name = name, Targets = [new() { PoolId = pool }], OfferedTo = [] });

        (await put.ShouldBeAsync<ModelAnswer>(HttpStatusCode.OK)).OfferedTo.ShouldBe([]);
        (await CatalogEntryAsync(name))!.OfferedTo.ShouldBe([]);
        (await NamesAsync(friend, chosen)).ShouldNotContain(name);
    }

    [Fact]
    public async Task A_dry_run_shows_the_tenants_document_with_the_model_in_it()
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await PoolAsync(admin, tenant);

        using var answer = await admin.PostAsync($"{Path(tenant)}?dryRun=true", new ModelRequest { Name = "tried", Targets = [new() { PoolId = pool }] });

        var document = (await answer.ShouldBeAsync<DryRunAnswer<ModelAnswer>>(HttpStatusCode.OK)).Agents.ShouldHaveSingleItem();
        document.Kind.ShouldBe(ConfigKinds.Tenant);
        document.Document!.Value.GetProperty("models")[0].GetProperty("name").GetString().ShouldBe("tried");
        (await TenantDocumentAsync(tenant)).Models.ShouldBeEmpty();
    }

    private static async Task<PoolId> PoolAsync(HttpClient http, TenantId tenant) => (await http.CreateAsync<PoolAnswer>(
        $"/api/v1/tenants/{tenant}/pools", new CreatePoolRequest { Name = $"p{Guid.NewGuid():N}", Endpoints = [new() { Url = "https://models.example.com" }] })).Id;

    private static async Task<IEnumerable<string>> NamesAsync(HttpClient http, TenantId tenant) =>
        (await http.GetAsync<Page<ModelAnswer>>($"{Path(tenant)}?limit=200")).Items.Select(m => m.Name.Value);

    private static async Task<IEnumerable<string>> CatalogAsync(HttpClient http, TenantId tenant) =>
        (await http.GetAsync<Page<CatalogEntryAnswer>>($"/api/v1/tenants/{tenant}/catalog?limit=200&sort=name")).Items.Select(m => m.Name.Value);

    private async Task<TenantDocument> TenantDocumentAsync(TenantId tenant) =>
        (await DocumentAsync(tenant, ConfigKinds.Tenant)).Deserialize(WireJson.Default.TenantDocument)!;

    private async Task<ModelEntry?> CatalogEntryAsync(string name) =>
        (await DocumentAsync(TenantId.Platform, ConfigKinds.Platform)).Deserialize(WireJson.Default.PlatformDocument)!.Catalog.SingleOrDefault(m => m.Name.Value == name);

    private async Task<JsonElement> DocumentAsync(TenantId tenant, string kind) => (await control.Database.InPlatformAsync(
        (db, ct) => db.ConfigResources.Where(r => r.TenantId == tenant && r.Kind == kind && r.GroupName == AgentGroupName.Default).Select(r => r.Document).SingleAsync(ct), Cancel))!.Value;

    private static string Path(TenantId tenant) => $"/api/v1/tenants/{tenant}/models";

    private static Task<HttpResponseMessage> PutAsync(HttpClient http, TenantId tenant, ModelAnswer model, ModelRequest body) =>
        http.SendAsync(new(HttpMethod.Put, $"{Path(tenant)}/{model.Id}") { Headers = { { "If-Match", $"\"v{model.Version}\"" } }, Content = JsonContent.Create(body) }, Cancel);
}
