using System.Net;
using Platform.Local.Stack;

namespace Platform.E2E;

public sealed class WorkerLossTests(WholeSystem system)
{
    [Fact]
    public async Task A_worker_killed_under_load_takes_only_streams_with_it_that_had_begun()
    {
        using var tenant = await TenantUnderTest.CreateAsync(system);
        var load = new Load(system.Demo.GatewayUrls, tenant.Key, requests: 250, callers: 32, thinkTime: TimeSpan.Zero, tokens: 300..600);
        var running = load.RunAsync();
        try
        {
            await load.ReachedAsync(60);
            await system.Platform.KillAsync(ServiceNames.Workers[0]);
            await running;
        }
        finally
        {
            await system.Platform.StartAsync(ServiceNames.Workers[0]);
        }

        var failed = load.Outcomes.Where(o => !o.Whole).ToList();
        failed.ShouldAllBe(o => o.Status == HttpStatusCode.OK && o.Body.StartsWith("data: {\"id\"", StringComparison.Ordinal));
        failed.ShouldAllBe(o => LastEvent(o.Body).StartsWith("data: {\"error\":{", StringComparison.Ordinal));
        failed.Count.ShouldBeInRange(1, 32);
        await LedgerCheck.HoldsAsync(system, tenant, load.Whole, TimeSpan.FromSeconds(60));
    }

    private static string LastEvent(string body) => body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
}
