using Platform.Local.Commands;
using Platform.Local.Demo;
using Platform.Local.Processes;

namespace Platform.Local.Stack;

/// <summary>
/// What a benchmark measures: PostgreSQL and RabbitMQ as <c>up</c> runs them, Control, two agents, two simulated workers.
/// A third agent is the benchmark's to start and stop.
/// </summary>
public static class BenchPlatform
{
    public const string SpareGateway = "gateway-3";

    /// <summary>How the names of processes begin that a benchmark starts besides.</summary>
    public const string ProcessPrefix = "bench-";

    private static readonly IReadOnlyList<string> Workers = [ServiceNames.Workers[0], ServiceNames.Workers[^1]];

    /// <summary>The client that benchmarks sign in as: an operator.</summary>
    public static DemoClient Automation(LocalState state) => new("demo-automation", state.Secret("automation"));

    /// <exception cref="OperationCanceledException">Between two steps.</exception>
    public static async Task StartAsync(LocalPlatform platform, CancellationToken ct)
    {
        await platform.Apps.EnsureAsync(noBuild: false);
        ct.ThrowIfCancellationRequested();
        platform.EnsureMasterKey();
        ChoosePorts(platform);
        Console.WriteLine("Starting PostgreSQL and RabbitMQ ...");
        await Task.WhenAll(platform.Backing.StartPostgresAsync(), platform.Backing.StartRabbitAsync());
        ct.ThrowIfCancellationRequested();
        Console.WriteLine("Starting Control, two agents and two simulated workers ...");
        await platform.MigrateAsync();
        var state = platform.State;
        Directory.CreateDirectory(Path.Combine(platform.Home.Directory, "workers"));
        var people = (new DemoLogin("operator@example.com", state.Secret("operator")), new DemoLogin("admin@acme.example.com", state.Secret("admin")));
        await platform.BootstrapAsync(people.Item1, people.Item2, Automation(state));
        ct.ThrowIfCancellationRequested();
        await Task.WhenAll(Workers.Append(ServiceNames.Control).Select(platform.StartAsync));
        await SeedAsync(platform);
        ct.ThrowIfCancellationRequested();
        await Task.WhenAll(ServiceNames.Gateways.Select(platform.StartAsync));
        state.Save();
    }

    /// <summary>Stops whatever runs in the home, and deletes it.</summary>
    public static async Task DeleteAsync(Home home)
    {
        if (!Directory.Exists(home.Directory))
            return;
        if (!File.Exists(home.StateFile))
        {
            Directory.Delete(home.Directory, recursive: true);
            return;
        }
        foreach (var process in new ProcessTable(home).Alive().Where(p => p.Name.StartsWith(ProcessPrefix, StringComparison.Ordinal)).Reverse())
            await process.StopAsync(TimeSpan.FromSeconds(5));
        await DownCommand.RunAsync(home, purge: true);
    }

    private static void ChoosePorts(LocalPlatform platform)
    {
        platform.Backing.ChoosePorts();
        foreach (var name in Workers.Concat(ServiceNames.Gateways).Append(SpareGateway).Append(ServiceNames.Control).Append(ServiceNames.Portal))
            platform.State.Port(name);
        platform.State.Save();
    }

    private static async Task SeedAsync(LocalPlatform platform)
    {
        using var api = await ControlApi.SignInAsync(platform.Specs.Url(ServiceNames.Control), Automation(platform.State));
        var seed = new DemoSeed(api);
        await seed.ModelAsync(DemoSeed.SmallModel, [platform.Specs.Url(Workers[0])], platform.State.Secret("worker"));
        await seed.ModelAsync(DemoSeed.LargeModel, [platform.Specs.Url(Workers[1])], platform.State.Secret("worker"));
        foreach (var gateway in ServiceNames.Gateways)
            await seed.PrepareAgentAsync(platform, gateway);
    }
}
