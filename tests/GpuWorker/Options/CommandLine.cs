using System.Globalization;
using System.Text;
using Platform.GpuWorker.Engine;
using Platform.GpuWorker.Faults;

namespace Platform.GpuWorker.Options;

/// <summary>The command line: <c>--name value</c> or <c>--name=value</c>. What it does not know is a fault.</summary>
internal static class CommandLine
{
    private static readonly Option[] Known =
    [
        new("--port", "N", "port on 127.0.0.1 (8000); 0 takes a free one and prints it", (o, v) => Whole(v, 0, 65_535, n => o.Port = n)),
        new("--port-file", "FILE", "write the port there once it listens", (o, v) => Text(v, t => o.PortFile = t)),
        new("--model", "NAME", "the model it serves (simulated-model)", (o, v) => Text(v, t => o.Model = t)),
        new("--profile", "NAME", $"model size and GPU: {string.Join(", ", GpuProfile.All.Keys)} (8b-h100)", Profile),
        new("--time-scale", "X", "multiplies all simulated times (1); 0.1 is ten times faster", (o, v) => Real(v, 1e-4, 1e3, x => o.TimeScale = x)),
        new("--noise", "SIGMA", "log-normal noise of step times (0.05); 0 is none", (o, v) => Real(v, 0, 1, x => o.Noise = x)),
        new("--seed", "N", "seed of the noise and of the background load (1)", (o, v) => Whole(v, 0, int.MaxValue, n => o.Seed = n)),
        new("--max-model-len", "N", "longest prompt and answer in tokens (131072)", (o, v) => Whole(v, 1, 10_000_000, n => o.MaxModelLength = n)),
        new("--max-num-seqs", "N", "sequences running at once (256)", (o, v) => Whole(v, 1, 100_000, n => o.MaxSequences = n)),
        new("--max-num-batched-tokens", "N", "tokens in one step (8192)", (o, v) => Whole(v, 1, 1_000_000, n => o.MaxBatchedTokens = n)),
        new("--kv-blocks", "N", "KV cache blocks of 16 tokens (the profile's)", (o, v) => Whole(v, 1, 10_000_000, n => o.KvBlocks = n)),
        new("--background", "N", "sequences that always run beside requests, 600 tokens in, 200 to 600 out (0)", (o, v) => Whole(v, 0, 10_000, n => o.Background = n)),
        new("--usage", "on|off", "whether answers carry usage (on)", (o, v) => Choice(v, ["on", "off"], i => o.Usage = i == 0)),
        new("--metrics", "DIALECT", "metric names: vllm, sglang, llamacpp (vllm)", (o, v) => Choice(v, ["vllm", "sglang", "llamacpp"], i => o.Metrics = (MetricsDialect)i)),
        new("--dcgm-port", "N", "second port, whose /metrics has DCGM's names; 0 takes a free one", (o, v) => Whole(v, 0, 65_535, n => o.DcgmPort = n)),
        new("--fault", "NAME[:PARAM]", $"start with a fault, repeatable: {FaultSet.Names}", Fault),
        new("--api-key", "KEY", "require this bearer key under /v1, repeatable; also from GPUWORKER_API_KEY", (o, v) => Text(v, o.ApiKeys.Add)),
        new("--log", "FILE", "append a JSON line for each request accepted and for each ended", (o, v) => Text(v, t => o.LogFile = t)),
    ];

    public static string Help { get; } = WriteHelp();

    /// <summary>The options, or every fault of the arguments at once.</summary>
    public static (WorkerOptions Options, IReadOnlyList<string> Faults) Parse(IReadOnlyList<string> arguments)
    {
        var options = new WorkerOptions();
        var faults = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = arguments[i].Split('=', 2) is [var n, var v] ? (n, v) : (arguments[i], null);
            if (Array.Find(Known, o => o.Name == name) is not { } option)
                faults.Add($"unknown option '{name}'");
            else if ((value ?? (i + 1 < arguments.Count ? arguments[++i] : null)) is not { } text)
                faults.Add($"{name}: needs a value, {option.Value}");
            else if (option.Set(options, text) is { } fault)
                faults.Add($"{name}: {fault}");
        }
        return (options, faults);
    }

    private static string? Profile(WorkerOptions options, string value)
    {
        if (!GpuProfile.All.TryGetValue(value, out var profile))
            return $"'{value}' is none of {string.Join(", ", GpuProfile.All.Keys)}";
        options.Profile = profile;
        return null;
    }

    private static string? Fault(WorkerOptions options, string value)
    {
        if (options.Faults.Add(value) is not { } faults)
            return $"'{value}' is none of {FaultSet.Names}";
        options.Faults = faults;
        return null;
    }

    private static string? Whole(string value, int least, int most, Action<int> set)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
            return $"'{value}' is no whole number from {least} to {most}";
        set(number);
        return null;
    }

    private static string? Real(string value, double least, double most, Action<double> set)
    {
        if (!double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || !(number >= least && number <= most))
            return string.Create(CultureInfo.InvariantCulture, $"'{value}' is no number from {least} to {most}");
        set(number);
        return null;
    }

    private static string? Text(string value, Action<string> set)
    {
        if (value.Length == 0)
            return "must not be empty";
        set(value);
        return null;
    }

    private static string? Choice(string value, string[] choices, Action<int> set)
    {
        var index = Array.IndexOf(choices, value);
        if (index < 0)
            return $"'{value}' is none of {string.Join(", ", choices)}";
        set(index);
        return null;
    }

    private static string WriteHelp()
    {
        var help = new StringBuilder("A simulator of a GPU inference server: OpenAI's API, vLLM's timing, filler text.\n\nOptions:\n");
        foreach (var option in Known)
            help.Append(CultureInfo.InvariantCulture, $"  {option.Name + " " + option.Value,-30}{option.Text}\n");
        return help.Append("  --help                        this text\n").ToString();
    }

    /// <param name="Set">Takes the value into the options, or says what is wrong with it.</param>
    private sealed record Option(string Name, string Value, string Text, Func<WorkerOptions, string, string?> Set);
}
