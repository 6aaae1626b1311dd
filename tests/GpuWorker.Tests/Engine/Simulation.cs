using Platform.GpuWorker.Engine;

namespace Platform.GpuWorker.Tests.Engine;

/// <summary>Runs an engine in simulated time and remembers what came when.</summary>
internal sealed class Simulation(GpuProfile gpu, EngineLimits? limits = null, double sigma = 0, int seed = 1)
{
    public static GpuProfile Small { get; } = GpuProfile.All["8b-h100"];

    public static GpuProfile Large { get; } = GpuProfile.All["70b-tp4-h100"];

    public EngineCore Core { get; } = new(gpu, limits ?? EngineLimits.Of(gpu), new(sigma, seed));

    public TimeSpan Now { get; private set; }

    /// <summary>Every step's load and duration.</summary>
    public List<(StepLoad Load, TimeSpan Duration)> Steps { get; } = [];

    /// <summary>When each sequence's first token came, in order.</summary>
    public Dictionary<Sequence, TimeSpan> FirstTokens { get; } = [];

    /// <summary>Sequences in the order in which they finished.</summary>
    public List<Sequence> Finished { get; } = [];

    public int MostRunning { get; private set; }

    /// <summary>A sequence whose prompt is the same for the same <paramref name="text"/>, as far as it goes.</summary>
    public static Sequence New(int promptTokens, int outputTokens, int text, ulong salt = 0)
    {
        var tokens = new BlockChain(salt);
        for (var i = 0; i < promptTokens; i++)
            tokens.Append(unchecked((text * 7919) ^ (i * 31)));
        return new(tokens, outputTokens, index => unchecked((text * 104_729) ^ index));
    }

    public Sequence Submit(int promptTokens, int outputTokens, int text, ulong salt = 0)
    {
        var sequence = New(promptTokens, outputTokens, text, salt);
        Core.Submit(sequence);
        return sequence;
    }

    /// <summary>One step. False when the engine has nothing to do.</summary>
    public bool Step()
    {
        if (Core.Plan() is not { } plan)
            return false;
        MostRunning = Math.Max(MostRunning, Core.Running);
        Now += plan.Duration;
        Steps.Add((plan.Load, plan.Duration));
        foreach (var sequence in Core.Complete(plan))
        {
            FirstTokens.TryAdd(sequence, Now);
            if (sequence.IsFinished)
                Finished.Add(sequence);
        }
        return true;
    }

    public void Run()
    {
        while (Step())
            Steps.Count.ShouldBeLessThan(1_000_000);
    }
}
