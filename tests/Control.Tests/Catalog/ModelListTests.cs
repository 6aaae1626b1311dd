using System.Net;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Tests.Pools;
using static Platform.Control.Tests.Catalog.ModelSteps;

namespace Platform.Control.Tests.Catalog;

/// <summary>Lists of models, and the bounds of a model's request.</summary>
public sealed class ModelListTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_list_is_sorted_searched_paged_and_filtered_by_whose_the_models_are()
    {
        using var http = await control.OperatorAsync();
        var (tenant, admin) = await control.TenantAsync();
        var pool = (await http.PoolAsync(TenantId.Platform)).Id;
        var mark = Guid.NewGuid().ToString("N")[..12];
        await http.ModelAsync(TenantId.Platform, Model($"c-{mark}", pool));
        foreach (var name in new[] { "d", "a", "b" })
            await admin.ModelAsync(tenant, Model($"{name}-{mark}", pool));

        (await NamesAsync($"q={mark.ToUpperInvariant()}&sort=name")).ShouldBe(["a", "b", "c", "d"]);
        (await NamesAsync($"q={mark}&sort=-name&limit=3")).ShouldBe(["d", "c", "b", "a"]);
        (await NamesAsync($"q={mark}&limit=1")).ShouldBe(["c", "d", "a", "b"]);
        (await NamesAsync($"q={mark}&shared=true")).ShouldBe(["c"]);
        (await NamesAsync($"q={mark}&shared=false&sort=name&limit=2")).ShouldBe(["a", "b", "d"]);
        using var wrong = await admin.GetAsync($"{Models(tenant)}?sort=weight", Cancel);
        await wrong.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed);

        async Task<List<string>> NamesAsync(string query)
        {
            var (names, cursor) = (new List<string>(), (string?)null);
            do
            {
                var page = await admin.GetAsync<Page<ModelAnswer>>($"{Models(tenant)}?{query}{(cursor is null ? "" : $"&cursor={cursor}")}");
                names.AddRange(page.Items.Select(m => m.Name.Value[..1]));
                cursor = page.NextCursor;
            }
            while (cursor is not null);
            return names;
        }
    }

    [Fact]
    public async Task A_request_beyond_its_bounds_has_every_fault_by_its_path()
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = (await admin.PoolAsync(tenant)).Id;

        using var answer = await admin.PostAsync(Models(tenant), new
        {
            name = "not a name",
            aliases = Enumerable.Range(0, 17).Select(i => $"a{i}"),
            description = new string('x', 2001),
            contextWindow = 0,
            targets = new object[] { new { poolId = pool, weight = 0, tier = 16 }, new { poolId = pool, upstreamModel = "" } },
        });

        var problem = await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed);
        problem.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(
            ["name", "aliases", "description", "contextWindow", "targets[0].weight", "targets[0].tier", "targets[1].upstreamModel"], ignoreOrder: true);
    }

    [Fact]
    public async Task Sixteen_aliases_and_sixteen_targets_are_taken()
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = (await admin.PoolAsync(tenant)).Id;
        var request = Model("full", [.. Enumerable.Repeat(pool, 16)]) with { Aliases = [.. Enumerable.Range(0, 16).Select(i => $"a{i}")] };

        var made = await admin.ModelAsync(tenant, request);
        using var put = await admin.PutAsync($"{Models(tenant)}/{made.Id}", request, "\"v1\"");

        (await put.ShouldBeAsync<ModelAnswer>(HttpStatusCode.OK)).Aliases.Count.ShouldBe(16, "a model's own names are not taken by itself");
        var entry = (await control.OwnEntriesAsync(tenant)).ShouldHaveSingleItem();
        (entry.Targets.Count, entry.Aliases!.Count).ShouldBe((16, 16));
    }

    [Fact]
    public async Task A_dry_run_of_a_change_shows_the_tenants_document_and_keeps_what_was()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (one, two) = ((await admin.PoolAsync(tenant)).Id, (await admin.PoolAsync(tenant)).Id);
        var made = await admin.ModelAsync(tenant, Model("m", one, two));

        using var tried = await admin.PutAsync($"{Models(tenant)}/{made.Id}?dryRun=true", Model("n", two));
        using var gone = await admin.DeleteAsync($"{Models(tenant)}/{made.Id}?dryRun=true", Cancel);

        var shown = (await tried.ShouldBeAsync<DryRunAnswer<ModelAnswer>>(HttpStatusCode.OK)).Agents.ShouldHaveSingleItem();
        var entry = shown.Document!.Value.GetProperty("models")[0];
        (entry.GetProperty("name").GetString(), entry.GetProperty("targets").GetArrayLength()).ShouldBe(("n", 1));
        var deletion = await gone.ShouldBeAsync<DryRunAnswer<ModelAnswer>>(HttpStatusCode.OK);
        deletion.Resource.ShouldBeNull();
        deletion.Agents.ShouldHaveSingleItem().Document!.Value.GetProperty("models").GetArrayLength().ShouldBe(0);
        (await admin.GetAsync<ModelAnswer>($"{Models(tenant)}/{made.Id}")).Targets.Count.ShouldBe(2);
        (await control.OwnEntriesAsync(tenant)).Single().Targets.Count.ShouldBe(2);
    }
}
