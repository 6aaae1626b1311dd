using System.Globalization;

namespace Platform.Bench;

/// <summary>The command line.</summary>
/// <param name="RandomSeed">The same seed gives the same names, sizes and order; ids and secrets differ.</param>
/// <param name="Beside">Where another build of the agent lies, published, that is measured in the same run; null for none.</param>
public sealed record BenchOptions(string Command, int Tenants, int Keys, int RandomSeed, bool Quick, string? Beside = null)
{
    public const string Seed = "seed";
    public const string Config = "config";
    public const string Gateway = "gateway";

    /// <summary>Modes in which the program is a part of <see cref="Gateway"/>, not the whole.</summary>
    public const string Upstream = "upstream";
    public const string Yarp = "yarp";
    public const string Drive = "drive";

    private const int MaxTenants = 1_000_000;
    private const int MaxKeys = 10_000_000;

    /// <summary>Null for a command line that says nothing known.</summary>
    public static BenchOptions? Parse(IReadOnlyList<string> args)
    {
        if (args is not [Seed or Config or Gateway, ..])
            return null;
        var quick = args[0] != Seed && args.Contains("--quick");
        BenchOptions? options = quick ? new(args[0], 1_000, 10_000, 1, true) : new(args[0], 10_000, 100_000, 1, false);
        for (var i = 1; i < args.Count && options is not null; i++)
            options = args[i] == "--quick" && quick ? options : options.With(args[i], args.ElementAtOrDefault(++i));
        return options;
    }

    private BenchOptions? With(string name, string? text)
    {
        if (name == "--beside" && Command == Gateway)
            return text is null ? null : this with { Beside = text };
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return null;
        return name switch
        {
            "--tenants" when Command == Seed && value is > 1 and <= MaxTenants => this with { Tenants = value },
            "--keys" when Command == Seed && value is > 1 and <= MaxKeys => this with { Keys = value },
            "--seed" => this with { RandomSeed = value },
            _ => null,
        };
    }
}
