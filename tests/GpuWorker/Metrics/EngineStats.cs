namespace Platform.GpuWorker.Metrics;

/// <summary>The engine's state and totals between two steps.</summary>
/// <param name="Lost">Wall-clock time by which the worker was slower than the GPU it stands for.</param>
internal sealed record EngineStats(int Running, int Waiting, double KvUsage, long PromptTokens, long GeneratedTokens, TimeSpan Lost)
{
    public static EngineStats Empty { get; } = new(0, 0, 0, 0, 0, default);

    public long Preemptions { get; init; }

    public long PrefixQueries { get; init; }

    public long PrefixHits { get; init; }

    public long Steps { get; init; }

    public long BusySlots { get; init; }
}
