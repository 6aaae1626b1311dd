using Platform.GpuWorker.Engine;
using Platform.GpuWorker.Serving;

namespace Platform.GpuWorker.Metrics;

/// <summary>What the metrics pages show. The engine's loop writes; pages read at any time. Times are of the wall clock.</summary>
internal sealed class EngineMetrics(TimeProvider time)
{
    private EngineStats _stats = EngineStats.Empty;

    public EngineStats Stats => Volatile.Read(ref _stats);

    // The bounds are vLLM's.
    public Histogram TimeToFirstToken { get; } = new(
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560);

    public Histogram InterTokenLatency { get; } = new(
        0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80);

    public Histogram RequestLatency { get; } = new(
        0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680);

    public RollingRate PromptRate { get; } = new(time);

    public RollingRate GenerationRate { get; } = new(time);

    /// <summary>Seconds of step time in a second: 1 when the GPU is never idle.</summary>
    public RollingRate BusyRate { get; } = new(time);

    public void Publish(EngineCore engine, TimeSpan lost)
    {
        var totals = engine.Counters;
        Volatile.Write(ref _stats, new(engine.Running, engine.Waiting, engine.KvUsage, totals.PromptTokens, totals.GeneratedTokens, lost)
        {
            Preemptions = totals.Preemptions,
            PrefixQueries = totals.PrefixQueries,
            PrefixHits = totals.PrefixHits,
            Steps = totals.Steps,
            BusySlots = totals.BusySlots,
        });
    }

    /// <summary>A token of a sequence came out at <paramref name="now"/>.</summary>
    public void ObserveToken(Generation generation, long now)
    {
        if (generation.Sequence.Generated == 1)
            TimeToFirstToken.Observe(time.GetElapsedTime(generation.Arrived, now));
        else
            InterTokenLatency.Observe(time.GetElapsedTime(generation.LastToken, now));
        if (generation.Sequence.IsFinished)
            RequestLatency.Observe(time.GetElapsedTime(generation.Arrived, now));
        GenerationRate.Add(1, now);
    }

    public void ObserveStep(TimeSpan busy, StepLoad load, long now)
    {
        PromptRate.Add(load.PrefillTokens, now);
        BusyRate.Add(busy.TotalSeconds, now);
    }
}
