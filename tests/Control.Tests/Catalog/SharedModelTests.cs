using System.Net;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Tests.Pools;
using static Platform.Control.Tests.Catalog.ModelSteps;

namespace Platform.Control.Tests.Catalog;

/// <summary>What agents of each group get of the platform's models, after each kind of change, and in a dry run of it.</summary>
public sealed class SharedModelTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_group_gets_the_targets_that_its_agents_reach_from_the_first_change_to_the_last()
    {
        using var http = await control.OperatorAsync();
        var (tenant, _) = await control.TenantAsync();
        var group = await http.GroupAsync();
        var here = (await http.PoolAsync(TenantId.Platform)).Id;
        var there = (await http.PoolAsync(TenantId.Platform, PoolSteps.Pool(Fresh()) with { Group = group.Value })).Id;
        var name = Fresh();

        var made = await http.ModelAsync(TenantId.Platform, Model(name, there) with { OfferedTo = [tenant] });
        (await EntryAsync(AgentGroupName.Default)).ShouldBeNull();
        (await EntryAsync(group))!.OfferedTo.ShouldBe([tenant]);

        made = await PutAsync(made, new() { Name = name, Aliases = [name + "-a"], Targets = [new() { PoolId = there, Weight = 2 }, new() { PoolId = here, Tier = 1, UpstreamModel = "up" }] });
        var entry = (await EntryAsync(AgentGroupName.Default))!;
        entry.Targets.ShouldBe([new(here, "up", 1, 1)]);
        entry.Aliases.ShouldBe([ModelName.Parse(name + "-a")]);
        entry.OfferedTo.ShouldBeNull();
        (await EntryAsync(group))!.Targets.ShouldBe([new(there, name, 2)]);

        made = await PutAsync(made, Model(name, here));
        (await EntryAsync(group)).ShouldBeNull();
        (await EntryAsync(AgentGroupName.Default))!.Aliases.ShouldBeNull();

        await http.DeleteAsync($"{Models(TenantId.Platform)}/{made.Id}", HttpStatusCode.NoContent);
        (await EntryAsync(AgentGroupName.Default)).ShouldBeNull();
        await http.DeleteAsync(PoolSteps.Path(TenantId.Platform, here), HttpStatusCode.NoContent);

        Task<ModelEntry?> EntryAsync(AgentGroupName of) => control.SharedEntryAsync(of, name);
        async Task<ModelAnswer> PutAsync(ModelAnswer model, ModelRequest request)
        {
            using var put = await http.PutAsync($"{Models(TenantId.Platform)}/{model.Id}", request, $"\"v{model.Version}\"");
            return await put.ShouldBeAsync<ModelAnswer>(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_dry_run_shows_the_platforms_document_of_each_group_that_would_change_and_changes_nothing()
    {
        using var http = await control.OperatorAsync();
        var (tenant, _) = await control.TenantAsync();
        var group = await http.GroupAsync();
        var there = (await http.PoolAsync(TenantId.Platform, PoolSteps.Pool(Fresh()) with { Group = group.Value })).Id;
        var made = await http.ModelAsync(TenantId.Platform, Model(Fresh(), there));
        var before = await HeadAsync();

        using var tried = await http.PutAsync($"{Models(TenantId.Platform)}/{made.Id}?dryRun=true", Model(made.Name.Value, there) with { OfferedTo = [tenant] });
        using var gone = await http.DeleteAsync($"{Models(TenantId.Platform)}/{made.Id}?dryRun=true", Cancel);

        var preview = (await tried.ShouldBeAsync<DryRunAnswer<ModelAnswer>>(HttpStatusCode.OK)).Agents.ShouldHaveSingleItem();
        (preview.Kind, preview.Group).ShouldBe((ConfigKinds.Platform, group));
        preview.Document!.Value.GetProperty("catalog")[0].GetProperty("offeredTo")[0].GetString().ShouldBe(tenant.ToString());
        (await gone.ShouldBeAsync<DryRunAnswer<ModelAnswer>>(HttpStatusCode.OK)).Agents.ShouldHaveSingleItem()
            .Document!.Value.GetProperty("catalog").GetArrayLength().ShouldBe(0);
        (await HeadAsync()).ShouldBe(before);
        var read = await http.GetAsync<ModelAnswer>($"{Models(TenantId.Platform)}/{made.Id}");
        (read.Version, read.OfferedTo, read.Targets.Count).ShouldBe((1, null, 1));
        (await control.SharedEntryAsync(group, made.Name.Value))!.OfferedTo.ShouldBeNull();
    }

    [Fact]
    public async Task A_model_is_offered_to_tenants_that_there_are()
    {
        using var http = await control.OperatorAsync();
        var (tenant, _) = await control.TenantAsync();
        var pool = (await http.PoolAsync(TenantId.Platform)).Id;

        using var answer = await http.PostAsync(
            Models(TenantId.Platform), Model(Fresh(), pool) with { OfferedTo = [tenant, TenantId.New(), TenantId.Platform] });

        var problem = await answer.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.TenantUnknown);
        problem.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(["offeredTo[1]", "offeredTo[2]"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_tenants_model_has_no_target_in_another_group()
    {
        using var http = await control.OperatorAsync();
        var (tenant, admin) = await control.TenantAsync();
        var there = (await http.PoolAsync(TenantId.Platform, PoolSteps.Pool(Fresh()) with { Group = (await http.GroupAsync()).Value })).Id;
        var gone = (await admin.PoolAsync(tenant)).Id;
        await admin.DeleteAsync(PoolSteps.Path(tenant, gone), HttpStatusCode.NoContent);

        using var answer = await admin.PostAsync(Models(tenant), Model("m", there, gone));

        var problem = await answer.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.PoolUnknown);
        problem.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(["targets[0].poolId", "targets[1].poolId"], ignoreOrder: true);
        (await control.OwnEntriesAsync(tenant)).ShouldBeEmpty();
    }

    private Task<long> HeadAsync() => control.Database.InPlatformAsync((db, ct) => db.ConfigHeads.Select(h => h.Revision).SingleAsync(ct), Cancel);
}
