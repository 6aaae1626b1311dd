namespace Platform.GpuWorker.Engine;

/// <summary>
/// The constants of one model on one set of GPUs, for the step-time formula in <see cref="StepTime"/>. They are derived
/// from Vidur's profiled linear operators and the H100's published bandwidth and FLOPs; expected error 20 %.
/// </summary>
internal sealed record GpuProfile
{
    public required string Name { get; init; }

    /// <summary>Milliseconds to read all weights once: no step's linear operators are faster.</summary>
    public required double WeightsFloorMs { get; init; }

    /// <summary>Milliseconds of the linear operators at zero tokens, on the compute-bound line.</summary>
    public required double LinearBaseMs { get; init; }

    /// <summary>Milliseconds of the linear operators (and all-reduce) for each token of a step.</summary>
    public required double LinearPerTokenMs { get; init; }

    /// <summary>Milliseconds to read the KV entries of one token of context in decoding.</summary>
    public required double KvReadPerTokenMs { get; init; }

    /// <summary>Milliseconds of prefill attention for each pair of a new token and a token before it.</summary>
    public required double AttentionPerPairMs { get; init; }

    /// <summary>Milliseconds of kernel launches and scheduling in every step.</summary>
    public required double StepOverheadMs { get; init; }

    /// <summary>Tokens that the KV cache holds at vLLM's <c>gpu_memory_utilization</c> of 0.9.</summary>
    public required int KvTokens { get; init; }

    /// <summary>The longest prompt and answer together, in tokens.</summary>
    public int MaxModelLength { get; init; } = 131_072;

    public required int Gpus { get; init; }

    public string GpuName { get; init; } = "NVIDIA H100 80GB HBM3";

    public int GpuMemoryMiB { get; init; } = 81_559;

    /// <summary>Every profile by name.</summary>
    public static IReadOnlyDictionary<string, GpuProfile> All { get; } = new[]
    {
        new GpuProfile
        {
            Name = "8b-h100",
            WeightsFloorMs = 6.07,
            LinearBaseMs = 3.08,
            LinearPerTokenMs = 0.0220,
            KvReadPerTokenMs = 7.6e-5,
            AttentionPerPairMs = 1.31e-6,
            StepOverheadMs = 1.16,
            KvTokens = 420_000,
            Gpus = 1,
        },
        new GpuProfile
        {
            Name = "70b-tp4-h100",
            WeightsFloorMs = 17.4,
            LinearBaseMs = 13.0,
            LinearPerTokenMs = 0.065,
            KvReadPerTokenMs = 4.76e-5,
            AttentionPerPairMs = 1.64e-6,
            StepOverheadMs = 2.7,
            KvTokens = 487_000,
            Gpus = 4,
        },
    }.ToDictionary(p => p.Name, StringComparer.Ordinal);
}
