namespace Platform.GpuWorker.Engine;

/// <summary>vLLM's scheduler settings.</summary>
internal sealed record EngineLimits
{
    /// <summary>vLLM's <c>max_num_seqs</c>: sequences that run at once.</summary>
    public int MaxSequences { get; init; } = 256;

    /// <summary>vLLM's <c>max_num_batched_tokens</c>: tokens of one step.</summary>
    public int MaxBatchedTokens { get; init; } = 8192;

    /// <summary>Blocks of <see cref="BlockChain.BlockTokens"/> tokens in the KV cache.</summary>
    public required int KvBlocks { get; init; }

    /// <summary>The share of blocks that admission may fill; the rest is for the answers of what runs.</summary>
    public double Watermark { get; init; } = 0.97;

    public static EngineLimits Of(GpuProfile gpu) => new() { KvBlocks = gpu.KvTokens / BlockChain.BlockTokens };
}
