using Platform.GpuWorker.Options;

namespace Platform.GpuWorker.Tests.Options;

public sealed class CommandLineTests
{
    [Fact]
    public void Options_are_read_in_both_forms()
    {
        var (options, faults) = CommandLine.Parse(
            ["--port", "0", "--profile=70b-tp4-h100", "--time-scale", "0.1", "--api-key", "a", "--api-key=b=c", "--metrics", "llamacpp", "--fault", "cut:3", "--fault=usage-off"]);
        faults.ShouldBeEmpty();
        options.Port.ShouldBe(0);
        options.Profile.Name.ShouldBe("70b-tp4-h100");
        options.TimeScale.ShouldBe(0.1);
        options.ApiKeys.ShouldBe(["a", "b=c"]);
        options.Metrics.ShouldBe(MetricsDialect.LlamaCpp);
        options.Faults.Modes().ShouldBe(["cut:3", "usage-off"]);
        options.Limits.KvBlocks.ShouldBe(487_000 / 16);
    }

    [Fact]
    public void All_faults_are_named_at_once()
    {
        var (_, faults) = CommandLine.Parse(["--prot", "--port", "70000", "--time-scale", "0", "--usage", "maybe", "--fault", "slow", "--profile", "x", "--seed"]);
        faults.Count.ShouldBe(7);
        faults[0].ShouldBe("unknown option '--prot'");
    }

    [Theory]
    [InlineData("slow:0")]
    [InlineData("slow:-1")]
    [InlineData("status:200")]
    [InlineData("cut:x")]
    [InlineData("metrics:fine")]
    [InlineData("hang:1")]
    [InlineData("")]
    public void A_fault_that_does_not_exist_is_refused(string fault) => CommandLine.Parse(["--fault", fault]).Faults.ShouldHaveSingleItem();

    [Fact]
    public void The_model_length_never_exceeds_the_cache() =>
        CommandLine.Parse(["--kv-blocks", "10"]).Options.EffectiveModelLength.ShouldBe(160);

    [Fact]
    public void Help_names_every_option() => CommandLine.Help.Split('\n').Count(l => l.StartsWith("  --", StringComparison.Ordinal)).ShouldBe(19);
}
