using Platform.Bench.Gateway.Proxies;
using Platform.Bench.Figures;

namespace Platform.Bench.Gateway.Scenes;

/// <summary>
/// One load, all proxies in turn, round by round: what is compared was measured within the same seconds. Ratios are of
/// pairs of one round, and their median counts.
/// </summary>
/// <param name="Slowdowns">How much slower the machine was than one of its own, for each round.</param>
internal sealed record Rounds(IReadOnlyDictionary<string, List<Measurement>> Of, List<double> Slowdowns)
{
    public double Slowdown => Median(Slowdowns);

    public static async Task<Rounds> RunAsync(DriverProcess driver, IReadOnlyList<Proxy> proxies, Load load, int count, string variantOfAgent)
    {
        var rounds = new Rounds(new Dictionary<string, List<Measurement>>(), []);
        for (var round = 0; round < count; round++)
        {
            var before = Machine.Slowdown();
            // Back and forth, so that nobody is always the one behind another.
            foreach (var proxy in round % 2 == 0 ? proxies : proxies.Reverse())
            {
                await rounds.AddAsync(driver, proxy.Name, proxy, load, "");
                if (proxy.Name == AgentProxy.Name && variantOfAgent.Length > 0)
                    await rounds.AddAsync(driver, variantOfAgent, proxy, load, variantOfAgent);
            }
            rounds.Slowdowns.Add((before + Machine.Slowdown()) / 2);
        }
        return rounds;
    }

    public double Middle(string proxy, Func<Measurement, double> value) => Median(Of[proxy].Select(value));

    /// <summary>How many times as much as the other one, in the middle of all rounds.</summary>
    public double Ratio(string proxy, string other, Func<Measurement, double> value) =>
        Median(Of[proxy].Zip(Of[other], (a, b) => value(a) / value(b)));

    public long Errors(string proxy) => Of[proxy].Sum(m => m.Report.Errors);

    public string? Fault(string proxy) => Of[proxy].Select(m => m.Report.Fault).FirstOrDefault(f => f is not null);

    private async Task AddAsync(DriverProcess driver, string name, Proxy proxy, Load load, string prefix)
    {
        if (!Of.TryGetValue(name, out var taken))
            ((Dictionary<string, List<Measurement>>)Of)[name] = taken = [];
        taken.Add(await Measurement.TakeAsync(driver, proxy, load.For(proxy, prefix)));
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
