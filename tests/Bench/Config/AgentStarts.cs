using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Platform.Bench.Figures;
using Platform.Bench.Seeding;
using Platform.Local;
using Platform.Local.Demo;
using Platform.Local.Processes;
using Platform.Local.Stack;

namespace Platform.Bench.Config;

/// <summary>
/// A third agent, a process each time: enrolled and filled from nothing, or started from its copy on disk. From the launch
/// to the first 200 of <c>/readyz</c>, and what it weighs a while later.
/// </summary>
internal sealed class AgentStarts(MeasuredPlatform stack, SeedPlan plan, BenchOptions options)
{
    private const string Gateway = BenchPlatform.SpareGateway;
    private const double TargetSeconds = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly LocalPlatform _platform = stack.Platform;
    private readonly TimeSpan _settling = TimeSpan.FromSeconds(options.Quick ? 5 : 10);

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        var (firstStarts, starts) = options.Quick ? (1, 2) : (3, 5);
        Console.WriteLine($"Agents: {firstStarts} starts from nothing, {starts} from the copy on disk; {Collector()} ...");
        using var api = await stack.SignInAsync();
        var owner = (await KeyOwner.FindAsync(api, plan.Tenants.Where(t => t.IsOpen).TakeLast(1)))[0];
        var key = (await owner.CreateAsync(api)).Key!;
        var (nothing, copy) = (new Weighing("agent.from-nothing"), new Weighing("agent.from-copy"));
        for (var i = 0; i < firstStarts; i++)
        {
            await ForgetAsync(api);
            await OnceAsync(nothing, key);
        }
        for (var i = 0; i < starts; i++)
            await OnceAsync(copy, key);
        return [.. nothing.ToFigures(null), .. copy.ToFigures(TargetSeconds)];
    }

    private async Task ForgetAsync(ControlApi api)
    {
        var folder = Path.Combine(_platform.Home.Directory, Gateway);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        await new DemoSeed(api).PrepareAgentAsync(_platform, Gateway);
    }

    private async Task OnceAsync(Weighing weighing, string key)
    {
        var clock = Stopwatch.GetTimestamp();
        var process = _platform.Launch(Gateway);
        try
        {
            using var http = new HttpClient { BaseAddress = _platform.Specs.Url(Gateway), Timeout = TimeSpan.FromSeconds(5) };
            await ReadyAsync(http, process);
            weighing.Start.Add(Stopwatch.GetElapsedTime(clock).TotalSeconds);
            weighing.Processor.Add(ProcessorTime.Of(process.Id).TotalSeconds);
            using (var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models") { Headers = { Authorization = new("Bearer", key) } })
            using (var answer = await http.SendAsync(request))
            {
                if (answer.StatusCode != HttpStatusCode.OK)
                    throw new LocalException($"The agent is ready and answers {(int)answer.StatusCode} to a key that it must know.");
            }
            await Task.Delay(_settling);
            var status = $"/proc/{process.Id}/status";
            weighing.Resident.Add(ProcFile.Megabytes(status, "VmRSS"));
            weighing.Peak.Add(ProcFile.Megabytes(status, "VmHWM"));
        }
        finally
        {
            await _platform.StopAsync(Gateway);
        }
    }

    private static async Task ReadyAsync(HttpClient http, RunningProcess process)
    {
        var isReady = Launcher.Answers(http, new(http.BaseAddress!, "/readyz"));
        var clock = Stopwatch.GetTimestamp();
        while (!await isReady(CancellationToken.None))
        {
            if (!process.IsAlive() || Stopwatch.GetElapsedTime(clock) > Patience)
                throw new LocalException($"{process.Name} did not become ready. Its last lines:\n{process.Tail()}");
            await Task.Delay(10);
        }
    }

    /// <summary>How the agents' memory is collected, as published and as started.</summary>
    private string Collector()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(_platform.Home.AppDirectory, "Gateway", "Platform.Gateway.runtimeconfig.json")));
        var published = json.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties").EnumerateObject()
            .Where(p => p.Name.StartsWith("System.GC.", StringComparison.Ordinal)).Select(p => $"{p.Name}={p.Value}");
        var started = _platform.Specs.For(Gateway).Environment.Where(e => e.Key.StartsWith("DOTNET_", StringComparison.Ordinal)).Select(e => $"{e.Key}={e.Value}");
        return string.Join(", ", published.Concat(started));
    }

    /// <summary>Few values each, so the median and the largest.</summary>
    private sealed class Weighing(string name)
    {
        private const double TargetMegabytes = 300;

        public Samples Start { get; } = new($"{name}.ready", "s");

        /// <summary>What the start cost on all cores together: the same on a busy machine.</summary>
        public Samples Processor { get; } = new($"{name}.processor-time", "s");

        public Samples Resident { get; } = new($"{name}.rss", "MB");

        public Samples Peak { get; } = new($"{name}.peak", "MB");

        public IEnumerable<Figure> ToFigures(double? target) =>
        [
            .. Of(Start, target),
            .. Of(Processor, null),
            .. Of(Resident, TargetMegabytes),
            .. Of(Peak, null),
            Figure.Plain($"{name}.count", Start.Count, "samples"),
        ];

        private static IEnumerable<Figure> Of(Samples samples, double? target)
        {
            yield return Figure.Plain($"{samples.Name}.median", samples.Percentile(50), samples.Unit);
            yield return target is { } limit
                ? Figure.Below(limit, $"{samples.Name}.max", samples.Percentile(100), samples.Unit)
                : Figure.Plain($"{samples.Name}.max", samples.Percentile(100), samples.Unit);
        }
    }
}
