namespace Platform.GpuWorker.Engine;

/// <summary>What one engine step computes.</summary>
/// <param name="Decodes">Sequences that decode one token.</param>
/// <param name="DecodeContext">The sum of their contexts, in tokens.</param>
/// <param name="PrefillTokens">Prompt tokens scheduled.</param>
/// <param name="PrefillPairs">Pairs of prefill attention: the sum of q (c + q/2) over chunks of q tokens at context c.</param>
internal readonly record struct StepLoad(int Decodes, long DecodeContext, int PrefillTokens, double PrefillPairs)
{
    public StepLoad WithDecode(int context) => this with { Decodes = Decodes + 1, DecodeContext = DecodeContext + context };

    public StepLoad WithChunk(int tokens, int context) => this with
    {
        PrefillTokens = PrefillTokens + tokens,
        PrefillPairs = PrefillPairs + tokens * (context + tokens / 2.0),
    };
}

/// <summary>The time of one step: weight-bound or compute-bound linear operators, KV reads, attention, launch overhead.</summary>
internal static class StepTime
{
    private const double PerDecodeMs = 0.0044;

    public static TimeSpan Of(GpuProfile gpu, StepLoad load)
    {
        var linear = Math.Max(gpu.WeightsFloorMs, gpu.LinearBaseMs + gpu.LinearPerTokenMs * (load.PrefillTokens + load.Decodes));
        var reads = gpu.KvReadPerTokenMs * load.DecodeContext;
        var attention = gpu.AttentionPerPairMs * load.PrefillPairs;
        return TimeSpan.FromMilliseconds(linear + reads + attention + gpu.StepOverheadMs + PerDecodeMs * load.Decodes);
    }
}
