namespace Platform.GpuWorker.Engine;

/// <summary>Totals since the start, with vLLM's meanings.</summary>
internal sealed class EngineCounters
{
    /// <summary>Prompt tokens of sequences that reached their first token, cached ones included.</summary>
    public long PromptTokens { get; internal set; }

    public long GeneratedTokens { get; internal set; }

    public long Preemptions { get; internal set; }

    /// <summary>Prompt tokens looked up in the prefix cache.</summary>
    public long PrefixQueries { get; internal set; }

    /// <summary>Prompt tokens found in the prefix cache.</summary>
    public long PrefixHits { get; internal set; }

    public long Steps { get; internal set; }

    /// <summary>The sum over all steps of the sequences that each computed.</summary>
    public long BusySlots { get; internal set; }
}
