using System.Diagnostics;
using System.Globalization;
using Platform.Bench.Figures;
using Platform.Bench.Gateway.Proxies;
using Platform.Bench.Gateway.Scenes;
using Platform.Bench.Gateway.Traffic;
using Platform.Local.Stack;

namespace Platform.Bench.Gateway;

/// <summary>
/// <c>./platform bench gateway</c>: what the agent costs, with authentication, a quota, routing and metering on, told as
/// multiples of bare YARP's cost in the same run, with nginx, HAProxy and Portkey beside it; and a thousand streams at once.
/// </summary>
internal sealed class GatewayBench(LocalPlatform platform, BenchOptions options)
{
    private const double MaxPlain = 1.5;
    private const double MaxEvent = 1.3;
    private const double MaxAdded = 1.5;
    private const double MaxMegabytes = 250;
    private const string Counting = AgentProxy.Counting;

    private readonly List<string> _gaps = [];
    private readonly int _rounds = options.Quick ? 3 : 7;
    private readonly double _seconds = options.Quick ? 2.5 : 4;
    private readonly int _thousandRounds = options.Quick ? 3 : 5;
    private readonly int _thousandSeconds = options.Quick ? 6 : 20;

    private IReadOnlyList<string> Models => [FixedAnswers.PlainModel, Load.Streams(1).Model, Load.Thousand(_thousandSeconds).Model];

    /// <summary>Whether every promise was kept.</summary>
    public async Task<bool> RunAsync()
    {
        var clock = Stopwatch.StartNew();
        var (machine, load) = (Machine.Describe(), Machine.LoadAverage());
        Console.WriteLine($"Machine: {machine}; load average {load}. Driver, proxies, upstream and broker share it.");
        platform.Backing.ChoosePorts();
        platform.State.Save();
        await platform.Apps.PublishAsync("Gateway");
        using var stage = new Stage(platform);
        using var driver = new DriverProcess();
        await using var agent = new AgentProxy(stage, AgentProxy.Name, platform.Apps.Command("Gateway"));
        await using var other = new AgentProxy(stage, AgentProxy.Other, ["dotnet", $"{options.Beside}/Platform.Gateway.dll"]);
        var upstream = await stage.StartUpstreamAsync();
        var proxies = options.Beside is null ? await StartAsync(stage, agent) : await StartPairAsync(stage, agent, other);
        Console.WriteLine($"Warming up: {string.Join(", ", proxies.Select(p => p.Name))} ...");
        foreach (var proxy in proxies)
            await WarmUp.RunAsync(driver, proxy, isSlow: proxy.Name == "portkey");

        Console.WriteLine("Measuring plain requests ...");
        var plain = await Rounds.RunAsync(driver, proxies, Load.Plain(_seconds), _rounds, "");
        Console.WriteLine("Measuring streams ...");
        var streams = await Rounds.RunAsync(driver, proxies, Load.Streams(_seconds), _rounds, Counting);
        Console.WriteLine("Measuring 1,000 streams ...");
        var pair = proxies.Where(p => p.Name is Peers.Yarp or AgentProxy.Name).Prepend(upstream with { Name = "direct" }).ToList();
        var thousand = await Rounds.RunAsync(driver, pair, Load.Thousand(_thousandSeconds), _thousandRounds, "");

        var figures = FiguresOf(plain, streams, thousand);
        await SaveAsync([Figure.Plain("load-average.before", load, "processes"), .. figures, Figure.Plain("bench.duration", clock.Elapsed.TotalSeconds, "s")], machine);
        Print(plain, streams, thousand, figures);
        return figures.TrueForAll(f => f.Holds != false);
    }

    private async Task<IReadOnlyList<Proxy>> StartAsync(Stage stage, AgentProxy agent)
    {
        Console.WriteLine("Starting bare YARP, the agent, nginx, HAProxy and Portkey ...");
        List<Proxy?> all =
        [
            await Peers.YarpAsync(stage),
            await Peers.TunedYarpAsync(stage),
            await agent.StartAsync(Models),
            await Peers.TryAsync("nginx", () => Peers.NginxAsync(stage), _gaps),
            await Peers.TryAsync("haproxy", () => Peers.HaProxyAsync(stage), _gaps),
            await Peers.TryAsync("portkey", () => Peers.PortkeyAsync(stage), _gaps),
        ];
        return [.. all.OfType<Proxy>()];
    }

    private async Task<IReadOnlyList<Proxy>> StartPairAsync(Stage stage, AgentProxy agent, AgentProxy other) =>
        [await Peers.YarpAsync(stage), await Peers.TunedYarpAsync(stage), await agent.StartAsync(Models), await other.StartAsync(Models)];

    private static List<Figure> FiguresOf(Rounds plain, Rounds streams, Rounds thousand)
    {
        List<Figure> figures =
        [
            Figure.Below(MaxPlain, "plain.cpu.agent-to-yarp", plain.Ratio(AgentProxy.Name, Peers.Yarp, m => m.PerAnswer), "x"),
            Figure.Below(MaxEvent, "event.cpu.agent-to-yarp", streams.Ratio(AgentProxy.Name, Peers.Yarp, m => m.PerEvent), "x"),
            Figure.Plain("plain.cpu.agent-to-yarp-tuned", plain.Ratio(AgentProxy.Name, Peers.TunedYarp, m => m.PerAnswer), "x"),
            Figure.Plain("event.cpu.agent-to-yarp-tuned", streams.Ratio(AgentProxy.Name, Peers.TunedYarp, m => m.PerEvent), "x"),
            Figure.Plain("event.cpu.agent-counting-to-yarp", streams.Ratio(Counting, Peers.Yarp, m => m.PerEvent), "x"),
            Figure.Below(MaxAdded, "thousand.added-p99.agent-to-yarp", AddedRatio(thousand), "x"),
            Figure.Below(MaxMegabytes, "thousand.rss.agent", thousand.Of[AgentProxy.Name].Max(m => m.Megabytes), "MB"),
            Figure.Below(1, "thousand.errors.agent", thousand.Errors(AgentProxy.Name), "errors"),
        ];
        foreach (var (name, rounds) in new[] { ("plain", plain), ("event", streams), ("thousand", thousand) })
        {
            figures.Add(Figure.Plain($"{name}.slowdown", rounds.Slowdown, "x"));
            foreach (var proxy in rounds.Of.Keys)
                figures.AddRange(FiguresOf(rounds, $"{name}.{proxy.TrimEnd('/')}", proxy, isPlain: name == "plain"));
        }
        return figures;
    }

    private static IEnumerable<Figure> FiguresOf(Rounds rounds, string name, string proxy, bool isPlain) =>
    [
        Figure.Plain($"{name}.rate", rounds.Middle(proxy, m => isPlain ? m.AnswersPerSecond : m.Report.Events / m.Report.Seconds), isPlain ? "requests/s" : "events/s"),
        Figure.Plain($"{name}.p50", rounds.Middle(proxy, m => isPlain ? m.Report.Answer.P50 : m.Report.Event.P50), "ms"),
        Figure.Plain($"{name}.p99", rounds.Middle(proxy, m => isPlain ? m.Report.Answer.P99 : m.Report.Event.P99), "ms"),
        Figure.Plain($"{name}.cpu", rounds.Middle(proxy, m => isPlain ? m.PerAnswer : m.PerEvent), "us"),
        Figure.Plain($"{name}.rss", rounds.Of[proxy].Max(m => m.Megabytes), "MB"),
    ];

    /// <summary>
    /// Added is what an event takes at p99 through a proxy beyond what it takes in the middle without one. Not beyond p99
    /// without one: that is the machine's worst moment, and on a busy machine above the proxies'.
    /// </summary>
    private static double AddedRatio(Rounds thousand)
    {
        var direct = thousand.Middle("direct", m => m.Report.Event.P50);
        return thousand.Ratio(AgentProxy.Name, Peers.Yarp, m => Math.Max(0.001, m.Report.Event.P99 - direct));
    }

    private async Task SaveAsync(IReadOnlyList<Figure> figures, string machine)
    {
        var repository = platform.Home.Repository;
        var path = Path.Combine(repository, "artifacts/bench/gateway.json");
        await new FigureFile(await Machine.CommitAsync(repository), machine, options.RandomSeed, figures).SaveAsync(path);
        Console.WriteLine($"Figures: {path}");
    }

    private void Print(Rounds plain, Rounds streams, Rounds thousand, List<Figure> figures)
    {
        Console.WriteLine();
        Console.WriteLine(GatewayTable.Plain(plain));
        Console.WriteLine(GatewayTable.Streams(streams));
        Console.WriteLine(GatewayTable.Thousand(thousand));
        foreach (var figure in figures.Where(f => f.Target is not null))
        {
            var verdict = figure.Holds == true ? "holds" : string.Create(CultureInfo.InvariantCulture, $"misses by {(figure.Value / figure.Target - 1) * 100:0} %");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {figure.Name,-34}{figure.Value,8:0.00} {figure.Unit,-7} below {figure.Target:0.0}  {verdict}"));
        }
        foreach (var gap in _gaps)
            Console.WriteLine($"  not measured: {gap}");
        Console.WriteLine("CPU is user and system time of the proxy and all below it. 'counting/' is the agent with an engine that counts in every event.");
    }
}
