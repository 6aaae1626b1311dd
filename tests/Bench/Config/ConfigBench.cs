using System.Diagnostics;
using Platform.Bench.Figures;
using Platform.Bench.Seeding;
using Platform.Local.Stack;

namespace Platform.Bench.Config;

/// <summary>
/// <c>./platform bench config</c>: with 10,000 tenants and 100,000 keys, how long lists take, how soon agents enforce a
/// key's creation and revocation, how an agent starts and what it weighs. Beside each part stands how much slower the
/// machine was than one of its own would be: a miss on a busy machine may be the machine's.
/// </summary>
internal sealed class ConfigBench(MeasuredPlatform stack, BenchOptions options)
{
    private const double MaxMegabytes = 300;

    /// <returns>Whether every target holds.</returns>
    public async Task<bool> RunAsync()
    {
        var clock = Stopwatch.StartNew();
        var repository = stack.Platform.Home.Repository;
        var machine = Machine.Describe();
        var load = Machine.LoadAverage();
        Console.WriteLine($"Machine: {machine}; load average {load}. The workers are simulated GPUs; the database shares these cores.");
        var seed = new SeedRun(stack, options);
        List<Figure> figures = [Figure.Plain("load-average.before", load, "processes"), .. await seed.RunAsync()];
        await AddAsync("list", new ListPages(stack, seed.Plan, options).MeasureAsync);
        var keys = new KeyPropagation(stack, seed.Plan, options);
        await AddAsync("keys.idle", () => keys.MeasureAsync("keys.idle", writers: 0));
        await AddAsync("keys.busy", () => keys.MeasureAsync("keys.busy", writers: 2));
        await AddAsync("agent", new AgentStarts(stack, seed.Plan, options).MeasureAsync);
        var agent = $"/proc/{stack.Platform.Processes.Find(ServiceNames.Gateways[0])!.Id}/status";
        figures.Add(Figure.Below(MaxMegabytes, "agent.after-run.rss", ProcFile.Megabytes(agent, "VmRSS"), "MB"));
        figures.Add(Figure.Plain("agent.after-run.peak", ProcFile.Megabytes(agent, "VmHWM"), "MB"));
        figures.Add(Figure.Plain("load-average.after", Machine.LoadAverage(), "processes"));
        figures.Add(Figure.Plain("bench.duration", clock.Elapsed.TotalSeconds, "s"));

        var file = new FigureFile(await Machine.CommitAsync(repository), machine, options.RandomSeed, figures);
        var path = Path.Combine(repository, "artifacts/bench/config.json");
        await file.SaveAsync(path);
        Console.WriteLine($"\nbench config{(options.Quick ? " --quick" : "")} of {file.Commit} on {machine}\n");
        Console.WriteLine(FigureTable.Format(figures));
        Console.WriteLine($"Figures: {path}");
        return figures.All(f => f.Holds is not false);

        async Task AddAsync(string part, Func<Task<IReadOnlyList<Figure>>> measure)
        {
            var before = Machine.Slowdown();
            figures.AddRange(await measure());
            figures.Add(Figure.Plain($"{part}.slowdown", (before + Machine.Slowdown()) / 2, "x"));
        }
    }
}
