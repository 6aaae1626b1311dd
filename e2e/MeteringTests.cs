using Platform.Local.Processes;
using Platform.Local.Servers;
using Platform.Local.Stack;

namespace Platform.E2E;

public sealed class MeteringTests(WholeSystem system)
{
    [Fact]
    public async Task Undisturbed_the_ledger_s_sums_equal_the_workers_own()
    {
        using var tenant = await TenantUnderTest.CreateAsync(system);
        var load = new Load(system.Demo.GatewayUrls, tenant.Key, requests: 200, callers: 32, thinkTime: TimeSpan.Zero);
        await load.RunAsync();

        load.Whole.Count.ShouldBe(200, string.Join('\n', load.Outcomes.Where(o => !o.Whole).Take(3)));
        var records = await LedgerCheck.HoldsAsync(system, tenant, load.Whole, TimeSpan.FromSeconds(60));

        records.Count.ShouldBe(200);
        var workers = WorkerLogs.Read(system.Platform);
        var finished = records.Keys.SelectMany(id => workers[id]).Where(e => e.Outcome == "finished").ToList();
        records.Values.Sum(r => r.InputTokens).ShouldBe(finished.Sum(e => e.PromptTokens));
        records.Values.Sum(r => r.OutputTokens).ShouldBe(finished.Sum(e => e.CompletionTokens));
        records.Values.Sum(r => r.CachedInputTokens).ShouldBe(finished.Sum(e => e.CachedTokens));
    }

    [Fact]
    public async Task Whatever_is_killed_each_whole_answer_has_exactly_one_record_with_the_worker_s_tokens()
    {
        using var tenant = await TenantUnderTest.CreateAsync(system);
        var load = new Load(system.Demo.GatewayUrls, tenant.Key, requests: 500, callers: 32, thinkTime: TimeSpan.FromSeconds(1));
        var running = load.RunAsync();

        await load.ReachedAsync(60);
        await system.Platform.KillAsync(ServiceNames.Gateways[0]);
        await system.Platform.StartAsync(ServiceNames.Gateways[0]);
        await load.ReachedAsync(160);
        await RestartAsync(RabbitNode.ProcessName);
        await load.ReachedAsync(330);
        await RestartAsync(ServiceNames.Control);
        await running;

        load.Outcomes.Count.ShouldBe(500);
        load.Whole.Count.ShouldBeGreaterThan(300, "most requests should get through one dead agent of two");
        await LedgerCheck.HoldsAsync(system, tenant, load.Whole, TimeSpan.FromSeconds(120));
    }

    [Fact]
    public async Task With_everything_behind_them_stopped_both_agents_serve_also_after_a_restart_and_the_usage_arrives()
    {
        using var tenant = await TenantUnderTest.CreateAsync(system);
        string[] behind = [ServiceNames.Control, RabbitNode.ProcessName, PostgresCluster.ProcessName];
        var whole = new List<ChatOutcome>();
        try
        {
            foreach (var name in behind)
                await StopAsync(name);
            whole.AddRange(await ServeAsync(tenant));
            foreach (var agent in ServiceNames.Gateways)
            {
                (await system.Platform.StopAsync(agent)).ShouldBeTrue($"{agent} had to be killed");
                await system.Platform.StartAsync(agent);
            }
            whole.AddRange(await ServeAsync(tenant));
        }
        finally
        {
            foreach (var name in behind.Reverse())
                await system.Platform.StartAsync(name);
        }

        await LedgerCheck.HoldsAsync(system, tenant, whole, TimeSpan.FromSeconds(90));
    }

    private async Task RestartAsync(string name)
    {
        await StopAsync(name);
        await system.Platform.StartAsync(name);
    }

    /// <summary>Stopped means that nobody answers at its port any more.</summary>
    private async Task StopAsync(string name)
    {
        system.Platform.Processes.Find(name).ShouldNotBeNull(name);
        (await system.Platform.StopAsync(name)).ShouldBeTrue($"{name} had to be killed");
        FreePorts.IsFree(system.Platform.State.Port(name)).ShouldBeTrue($"somebody still listens at the port of {name}");
    }

    private async Task<IReadOnlyList<ChatOutcome>> ServeAsync(TenantUnderTest tenant)
    {
        var outcomes = new List<ChatOutcome>();
        foreach (var url in system.Demo.GatewayUrls)
        {
            var load = new Load([url], tenant.Key, requests: 20, callers: 4, thinkTime: TimeSpan.Zero);
            await load.RunAsync();
            load.Whole.Count.ShouldBe(20, string.Join('\n', load.Outcomes.Where(o => !o.Whole).Take(3)));
            outcomes.AddRange(load.Whole);
        }
        return outcomes;
    }
}
