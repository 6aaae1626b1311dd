using System.Globalization;

namespace Platform.GpuWorker.Faults;

/// <summary>What <c>/metrics</c> does wrong.</summary>
internal enum MetricsFault
{
    None,

    /// <summary>The page that was served last, again and again.</summary>
    Stale,

    /// <summary>Text that no parser takes as a whole.</summary>
    Malformed,

    /// <summary>Status 500.</summary>
    Error,
}

/// <summary>The faults that are on. Immutable; the default has none.</summary>
internal sealed record FaultSet
{
    public static FaultSet None { get; } = new();

    /// <summary>Requests are accepted and never answered.</summary>
    public bool Hang { get; init; }

    /// <summary>The next request kills the process.</summary>
    public bool Crash { get; init; }

    /// <summary>Every step takes this many times its time.</summary>
    public double SlowFactor { get; init; } = 1;

    /// <summary>Requests are refused with this status.</summary>
    public int? Status { get; init; }

    /// <summary>The connection is cut after this many events of a stream, or in the middle of a plain answer.</summary>
    public int? CutAfter { get; init; }

    public MetricsFault Metrics { get; init; }

    /// <summary>Answers carry no usage, asked for or not.</summary>
    public bool UsageOff { get; init; }

    /// <summary>A stream's last usage chunk is left out.</summary>
    public bool DropUsageChunk { get; init; }

    /// <summary>The names that <see cref="Add"/> takes, for messages.</summary>
    public const string Names =
        "hang, crash, slow:FACTOR, status:CODE, cut:EVENTS, metrics:stale|malformed|500, usage-off, drop-usage-chunk";

    /// <summary>This set with one more fault, <c>NAME</c> or <c>NAME:PARAMETER</c>; null when the text is none of them.</summary>
    public FaultSet? Add(string text)
    {
        var (name, parameter) = text.Split(':', 2) is [var n, var p] ? (n, p) : (text, null);
        return (name, parameter) switch
        {
            ("hang", null) => this with { Hang = true },
            ("crash", null) => this with { Crash = true },
            ("usage-off", null) => this with { UsageOff = true },
            ("drop-usage-chunk", null) => this with { DropUsageChunk = true },
            ("metrics", "stale") => this with { Metrics = MetricsFault.Stale },
            ("metrics", "malformed") => this with { Metrics = MetricsFault.Malformed },
            ("metrics", "500") => this with { Metrics = MetricsFault.Error },
            ("slow", _) when Number(parameter) is > 0 and <= 1000 and var factor => this with { SlowFactor = factor },
            ("status", _) when Whole(parameter) is >= 400 and <= 599 and var status => this with { Status = status },
            ("cut", _) when Whole(parameter) is >= 0 and var events => this with { CutAfter = events },
            _ => null,
        };
    }

    /// <summary>The faults in the words of <see cref="Add"/>.</summary>
    public IEnumerable<string> Modes()
    {
        if (Hang)
            yield return "hang";
        if (Crash)
            yield return "crash";
        if (SlowFactor != 1)
            yield return string.Create(CultureInfo.InvariantCulture, $"slow:{SlowFactor}");
        if (Status is { } status)
            yield return $"status:{status}";
        if (CutAfter is { } events)
            yield return $"cut:{events}";
        if (Metrics != MetricsFault.None)
            yield return "metrics:" + (Metrics == MetricsFault.Error ? "500" : Metrics == MetricsFault.Stale ? "stale" : "malformed");
        if (UsageOff)
            yield return "usage-off";
        if (DropUsageChunk)
            yield return "drop-usage-chunk";
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int? Whole(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
