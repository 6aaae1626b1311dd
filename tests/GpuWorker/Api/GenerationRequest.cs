using Platform.GpuWorker.Engine;
using Platform.GpuWorker.Tokens;

namespace Platform.GpuWorker.Api;

internal enum GenerationKind
{
    /// <summary><c>/v1/chat/completions</c></summary>
    Chat,

    /// <summary><c>/v1/completions</c></summary>
    Completion,
}

/// <summary>A valid request for tokens.</summary>
/// <param name="Stream">Whether the answer comes as events.</param>
/// <param name="IncludeUsage">Whether a stream ends with a chunk of usage.</param>
/// <param name="ContinuousUsage">Whether every chunk carries the usage so far (vLLM's extension).</param>
internal sealed record GenerationRequest(
    GenerationKind Kind, BlockChain Prompt, AnswerPlan Answer, bool Stream, bool IncludeUsage, bool ContinuousUsage)
{
    public Sequence NewSequence() => new(Prompt, Answer.Tokens, index => Answer.Word(index).Token);
}
