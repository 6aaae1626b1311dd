using Platform.GpuWorker.Engine;

namespace Platform.GpuWorker.Serving;

/// <summary>Sequences of other users: 600 tokens in, 200 to 600 out, all prompts different.</summary>
internal sealed class BackgroundLoad(int seed)
{
    private const int PromptTokens = 600;
    private const int LeastOutput = 200;
    private const int MostOutput = 600;

    private readonly Random _random = new(seed);

    public Sequence Next()
    {
        var tokens = new BlockChain(0);
        for (var i = 0; i < PromptTokens; i++)
            tokens.Append(_random.Next());
        return new(tokens, _random.Next(LeastOutput, MostOutput + 1), index => index);
    }
}
