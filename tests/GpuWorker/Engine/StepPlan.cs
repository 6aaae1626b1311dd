namespace Platform.GpuWorker.Engine;

/// <summary>A step that was planned and not yet completed.</summary>
/// <param name="Chunks">How many tokens of which sequence it computes. Valid until the next plan.</param>
/// <param name="Load">The same in sums.</param>
/// <param name="Duration">Its time on the GPU, noise included, before any time scale.</param>
internal sealed record StepPlan(IReadOnlyList<StepChunk> Chunks, StepLoad Load, TimeSpan Duration);

/// <param name="Tokens">Tokens to compute: 1 for a decode, else a part of what is left of the prompt.</param>
internal readonly record struct StepChunk(Sequence Sequence, int Tokens);
