using System.Text.Json;
using Platform.Bench;
using Platform.Bench.Figures;
using Platform.Bench.Seeding;
using Platform.Local.Commands;

namespace Platform.Local.Tests;

/// <summary>What <c>./platform bench</c> does before and after it measures.</summary>
public sealed class BenchTests
{
    [Theory]
    [InlineData("nonsense")]
    [InlineData()]
    [InlineData("config", "--slowly")]
    public async Task A_benchmark_that_there_is_not_fails_with_what_there_is(params string[] arguments)
    {
        var error = await Should.ThrowAsync<LocalException>(() => BenchCommand.RunAsync("/nowhere", arguments));

        error.Message.ShouldContain("config");
    }

    [Fact]
    public async Task The_command_line_ends_with_1_for_an_unknown_benchmark()
    {
        var error = await Should.ThrowAsync<LocalException>(() => Processes.Launcher.RunAsync(
            "platform", ["dotnet", typeof(BenchCommand).Assembly.Location, "bench", "nonsense"]));

        error.Message.ShouldContain("exit code 1");
        error.Message.ShouldContain("There is no benchmark 'nonsense'. There are: config, gateway, micro.");
    }

    [Fact]
    public void A_figures_file_has_the_agreed_shape()
    {
        var file = new FigureFile("abc", "a machine", 7, [Figure.Below(50, "list.p95", 12.34567, "ms"), Figure.Below(3, "start", 3, "s"), Figure.Plain("count", 200, "samples")]);

        using var json = JsonDocument.Parse(file.ToJson());

        json.RootElement.EnumerateObject().Select(p => p.Name).ShouldBe(["commit", "machine", "seed", "figures"]);
        json.RootElement.GetProperty("seed").GetInt32().ShouldBe(7);
        json.RootElement.GetProperty("figures").EnumerateArray().Select(f => f.GetRawText().Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal)).ShouldBe(
        [
            """{"name":"list.p95","value":12.346,"unit":"ms","target":50,"holds":true}""",
            """{"name":"start","value":3,"unit":"s","target":3,"holds":false}""",
            """{"name":"count","value":200,"unit":"samples","target":null,"holds":null}""",
        ]);
    }

    [Fact]
    public void Percentiles_are_values_that_were_measured()
    {
        var samples = new Samples("list");
        for (var i = 100; i > 0; i--)
            samples.Add(i);

        samples.Percentile(50).ShouldBe(50);
        samples.Percentile(99).ShouldBe(99);
        samples.Percentile(100).ShouldBe(100);
        samples.ToFigures(96, held: 95).Select(f => (f.Name, f.Value, f.Holds)).ShouldBe(
            [("list.p50", 50d, null), ("list.p95", 95d, true), ("list.p99", 99d, null), ("list.count", 100d, null)]);
    }

    [Fact]
    public void A_plan_spreads_every_key_and_the_same_seed_gives_the_same_plan()
    {
        var plan = new SeedPlan(1_000, 20_000, 3);

        plan.Tenants.Sum(t => t.Keys).ShouldBe(20_000);
        plan.Large.Keys.ShouldBe(5_000);
        new SeedPlan(1_000, 20_000, 3).Tenants.Select(t => (t.Name, t.Keys)).ShouldBe(plan.Tenants.Select(t => (t.Name, t.Keys)));
        new SeedPlan(1_000, 20_000, 4).Tenants.Select(t => t.Name).ShouldNotBe(plan.Tenants.Select(t => t.Name));
    }

    [Fact]
    public void The_table_says_which_target_was_missed()
    {
        var table = FigureTable.Format([Figure.Below(50, "list.p95", 12, "ms"), Figure.Below(3, "start", 3.5, "s"), Figure.Plain("count", 200, "samples")]);

        table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1])
            .ShouldBe(["holds", "MISSED", "samples"]);
    }

    [Fact]
    public void The_programs_command_line_takes_sizes_and_refuses_what_it_does_not_know()
    {
        BenchOptions.Parse(["seed", "--tenants", "500", "--keys", "1000", "--seed", "9"]).ShouldBe(new("seed", 500, 1000, 9, false));
        BenchOptions.Parse(["config", "--quick"]).ShouldBe(new("config", 1_000, 10_000, 1, true));
        BenchOptions.Parse(["gateway", "--quick"])!.Quick.ShouldBeTrue();
        BenchOptions.Parse(["seed", "--tenants", "many"]).ShouldBeNull();
        BenchOptions.Parse(["config", "--tenants", "500"]).ShouldBeNull();
        BenchOptions.Parse([]).ShouldBeNull();
    }
}
