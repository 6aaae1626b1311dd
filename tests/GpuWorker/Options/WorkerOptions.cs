using Platform.GpuWorker.Engine;
using Platform.GpuWorker.Faults;

namespace Platform.GpuWorker.Options;

/// <summary>What the command line says. <see cref="CommandLine"/> has the meaning of each.</summary>
internal sealed class WorkerOptions
{
    public int Port { get; set; } = 8000;

    public string? PortFile { get; set; }

    public int? DcgmPort { get; set; }

    public string Model { get; set; } = "simulated-model";

    public GpuProfile Profile { get; set; } = GpuProfile.All["8b-h100"];

    public double TimeScale { get; set; } = 1;

    public double Noise { get; set; } = 0.05;

    public int Seed { get; set; } = 1;

    public int? MaxModelLength { get; set; }

    public int MaxSequences { get; set; } = 256;

    public int MaxBatchedTokens { get; set; } = 8192;

    public int? KvBlocks { get; set; }

    public int Background { get; set; }

    public bool Usage { get; set; } = true;

    public MetricsDialect Metrics { get; set; }

    public FaultSet Faults { get; set; } = FaultSet.None;

    public List<string> ApiKeys { get; } = [];

    public string? LogFile { get; set; }

    public EngineLimits Limits
    {
        get
        {
            var usual = EngineLimits.Of(Profile);
            return usual with
            {
                MaxSequences = MaxSequences,
                MaxBatchedTokens = MaxBatchedTokens,
                KvBlocks = KvBlocks ?? usual.KvBlocks,
            };
        }
    }

    /// <summary>The longest prompt and answer together, never more than the KV cache holds.</summary>
    public int EffectiveModelLength =>
        Math.Min(MaxModelLength ?? Profile.MaxModelLength, Limits.KvBlocks * BlockChain.BlockTokens);
}
