using Platform.GpuWorker.Engine;

namespace Platform.GpuWorker.Tests.Engine;

/// <summary>The anchors of the model: what the formula must give, in milliseconds, and so must the engine.</summary>
public sealed class StepTimeTests
{
    public static TheoryData<string, int, int, double> Decodes => new()
    {
        { "8b-h100", 1, 16, 7.2 },
        { "8b-h100", 64, 1024, 12.5 },
        { "8b-h100", 256, 1024, 30.9 },
        { "70b-tp4-h100", 64, 1024, 23.5 },
        { "70b-tp4-h100", 128, 2048, 37 },
    };

    public static TheoryData<string, double> Prefills => new() { { "8b-h100", 228 }, { "70b-tp4-h100", 603 } };

    [Theory]
    [MemberData(nameof(Decodes))]
    public void The_formula_gives_the_decode_anchors(string profile, int batch, int context, double expected)
    {
        var load = default(StepLoad);
        for (var i = 0; i < batch; i++)
            load = load.WithDecode(context);
        StepTime.Of(GpuProfile.All[profile], load).TotalMilliseconds.ShouldBe(expected, expected * 0.01);
    }

    [Theory]
    [MemberData(nameof(Prefills))]
    public void The_formula_gives_the_prefill_anchors(string profile, double expected) =>
        StepTime.Of(GpuProfile.All[profile], default(StepLoad).WithChunk(8192, 0)).TotalMilliseconds.ShouldBe(expected, 0.5);

    [Theory]
    [MemberData(nameof(Decodes))]
    public void The_engine_decodes_at_the_anchors(string profile, int batch, int context, double expected)
    {
        var simulation = new Simulation(GpuProfile.All[profile]);
        for (var i = 0; i < batch; i++)
            simulation.Submit(context - 8, 200, text: i);
        simulation.Run();
        var atContext = simulation.Steps
            .Where(s => s.Load.Decodes == batch && s.Load.PrefillTokens == 0)
            .MinBy(s => Math.Abs(s.Load.DecodeContext - (long)batch * context));
        ((double)atContext.Load.DecodeContext / batch).ShouldBe(context, context * 0.1 + 8);
        atContext.Duration.TotalMilliseconds.ShouldBe(expected, expected * 0.03);
    }

    [Theory]
    [MemberData(nameof(Prefills))]
    public void The_engine_prefills_at_the_anchors(string profile, double expected)
    {
        var simulation = new Simulation(GpuProfile.All[profile]);
        var sequence = simulation.Submit(8192, 1, text: 1);
        simulation.Run();
        simulation.Steps.Count.ShouldBe(1);
        simulation.FirstTokens[sequence].TotalMilliseconds.ShouldBe(expected, 0.5);
    }

    [Fact]
    public void A_seed_decides_the_noise_and_its_mean_is_one()
    {
        double[] Durations(int seed)
        {
            var simulation = new Simulation(Simulation.Small, sigma: 0.05, seed: seed);
            simulation.Submit(16, 2000, text: 1);
            simulation.Run();
            return [.. simulation.Steps.Skip(1).Select(s => s.Duration / StepTime.Of(Simulation.Small, s.Load))];
        }

        Durations(3).ShouldBe(Durations(3));
        Durations(3).ShouldNotBe(Durations(4));
        Durations(3).Average().ShouldBe(1, 0.005);
        var logs = Durations(3).Select(d => Math.Log(d)).ToArray();
        Math.Sqrt(logs.Average(l => l * l) - Math.Pow(logs.Average(), 2)).ShouldBe(0.05, 0.005);
    }
}
