using Platform.Gateway.Tests.World;
using Platform.Local.Processes;

namespace Platform.Gateway.Tests.UnderLoad;

[Collection(nameof(LoadCollection))]
public sealed class RedeployTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Agents_are_replaced_one_by_one_in_both_orders_without_a_failed_request()
    {
        await using var upstream = await SlowUpstream.StartAsync();
        await using var control = await new FakeControl().StartAsync();
        string[] directories = [GatewayHost.NewDirectory(), GatewayHost.NewDirectory()];
        var tenant = await EnrolledDirectory.PrepareAsync(control, directories[0], upstream.Url);
        await EnrolledDirectory.PrepareAnotherAsync(control, directories[1]);
        var ports = FreePorts.Take(2);
        var agents = new GatewayProcess[2];
        for (var i = 0; i < 2; i++)
            agents[i] = await StartAsync(control, directories[i], ports[i]);
        await using var balancer = new Balancer([.. ports.Select(p => new Uri($"http://127.0.0.1:{p}"))]);
        await Until.TrueAsync(() => balancer.IsReady(0) && balancer.IsReady(1));
        IReadOnlyCollection<CallOutcome> outcomes;
        await using (var callers = new Callers(12, streamed => balancer.SendAsync(() => tenant.Request(tenant.Body(streamed)))))
        {
            foreach (var i in new[] { 0, 1, 1, 0 })
            {
                await callers.MoreAsync(50);
                await agents[i].TerminateAsync();
                await agents[i].ExitedAsync();
                agents[i].ExitCode.ShouldBe(0);
                await agents[i].DisposeAsync();
                await callers.MoreAsync(20);
                agents[i] = await StartAsync(control, directories[i], ports[i]);
                await Until.TrueAsync(() => balancer.IsReady(i));
                var before = balancer.Served(i);
                await Until.TrueAsync(() => balancer.Served(i) > before);
            }
            await callers.StopAsync();
            outcomes = callers.Outcomes;
        }
        foreach (var agent in agents)
        {
            await agent.TerminateAsync();
            await agent.ExitedAsync();
            await agent.DisposeAsync();
        }

        output.WriteLine($"{outcomes.Count} requests, {outcomes.Count(o => o.Streamed)} of them streamed");
        outcomes.Where(o => !o.IsWhole).ShouldBeEmpty();
        balancer.Refused.ShouldBe(0, "the notice was too short or was not seen");
        var records = new List<string>();
        foreach (var directory in directories)
        {
            await using var after = await GatewayHost.StartAsync(control.Url, control.Token, directory);
            records.AddRange(after.Records().Select(r => r.Id.ToString()));
        }
        outcomes.Select(o => o.RequestId!).Order().ShouldBe(records.Order());
    }

    private static async Task<GatewayProcess> StartAsync(FakeControl control, string directory, int port) =>
        await GatewayProcess.StartAsync(control.Url, directory, port, ("Agent__NoticeSeconds", "2"));
}
