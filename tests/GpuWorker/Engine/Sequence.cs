namespace Platform.GpuWorker.Engine;

/// <summary>One prompt and its growing answer. Only <see cref="EngineCore"/> changes it.</summary>
/// <param name="tokens">The prompt; the answer's tokens are appended to it. At least one.</param>
/// <param name="outputTokens">How many tokens the answer gets. At least one.</param>
/// <param name="outputToken">The token at an index of the answer.</param>
internal sealed class Sequence(BlockChain tokens, int outputTokens, Func<int, int> outputToken)
{
    public BlockChain Tokens => tokens;

    public int PromptTokens { get; } = tokens.Length;

    public int OutputTokens => outputTokens;

    /// <summary>Tokens of the answer produced.</summary>
    public int Generated { get; private set; }

    /// <summary>Tokens whose KV entries exist.</summary>
    public int Computed { get; private set; }

    /// <summary>Prompt tokens found in the prefix cache when it was first admitted; null before.</summary>
    public int? CachedTokens { get; private set; }

    public int Preemptions { get; private set; }

    public bool IsFinished => Generated == outputTokens;

    /// <summary>KV blocks held, in order.</summary>
    internal List<int> Blocks { get; } = [];

    internal int Pending => tokens.Length - Computed;

    internal bool IsDecoding => Generated > 0 && Pending == 1;

    internal void Admit(int cachedBlocks)
    {
        Computed = cachedBlocks * BlockChain.BlockTokens;
        CachedTokens ??= Computed;
    }

    internal void Preempt()
    {
        Computed = 0;
        Preemptions++;
    }

    /// <summary>Counts computed tokens; when none is left to compute, a token of the answer comes out.</summary>
    internal bool Compute(int count)
    {
        Computed += count;
        if (Pending > 0)
            return false;
        tokens.Append(outputToken(Generated++));
        return true;
    }
}
