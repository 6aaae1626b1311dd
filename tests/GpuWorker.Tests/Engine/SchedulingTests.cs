using Platform.GpuWorker.Engine;

namespace Platform.GpuWorker.Tests.Engine;

public sealed class SchedulingTests
{
    [Fact]
    public void A_long_prompt_is_computed_in_chunks_while_others_go_on_decoding()
    {
        var simulation = new Simulation(Simulation.Small);
        var decoding = simulation.Submit(100, 50, text: 1);
        simulation.Step();
        simulation.Submit(20_000, 1, text: 2);
        for (var i = 0; i < 3; i++)
            simulation.Step();
        simulation.Steps.Skip(1).Select(s => s.Load.PrefillTokens).ShouldBe([8191, 8191, 20_000 - 2 * 8191]);
        simulation.Steps.Skip(1).ShouldAllBe(s => s.Load.Decodes == 1);
        decoding.Generated.ShouldBe(4);
    }

    [Fact]
    public void No_step_computes_more_than_the_budget_and_no_more_sequences_run_than_allowed()
    {
        var simulation = new Simulation(Simulation.Small, EngineLimits.Of(Simulation.Small) with { MaxSequences = 5, MaxBatchedTokens = 300 });
        for (var i = 0; i < 40; i++)
            simulation.Submit(50 + 37 * i, 1 + i, text: i);
        simulation.Run();
        simulation.MostRunning.ShouldBe(5);
        simulation.Steps.Max(s => s.Load.Decodes + s.Load.PrefillTokens).ShouldBe(300);
        simulation.Finished.Count.ShouldBe(40);
    }

    [Fact]
    public void Sequences_start_in_order_of_arrival_also_when_a_later_one_would_fit()
    {
        var simulation = new Simulation(Simulation.Small, EngineLimits.Of(Simulation.Small) with { KvBlocks = 100 });
        Sequence[] sequences =
        [
            simulation.Submit(16 * 60, 20, text: 1), simulation.Submit(16 * 60, 20, text: 2), simulation.Submit(16, 1, text: 3),
        ];
        simulation.Step();
        (simulation.Core.Running, simulation.Core.Waiting).ShouldBe((1, 2));
        simulation.Run();
        simulation.FirstTokens.OrderBy(f => f.Value).Select(f => f.Key).ShouldBe(sequences);
    }

    [Fact]
    public void Admission_leaves_three_percent_of_the_blocks_to_what_runs()
    {
        var simulation = new Simulation(Simulation.Small, EngineLimits.Of(Simulation.Small) with { KvBlocks = 1000 });
        for (var i = 0; i < 100; i++)
            simulation.Submit(16 * 20 - 10, 9, text: i);
        for (var i = 0; i < 3; i++)
            simulation.Step();
        // 48 prompts of 20 blocks are 960; the 49th would make 980, above 970.
        simulation.Core.Running.ShouldBe(48);
    }

    [Fact]
    public void A_prompt_above_the_watermark_runs_when_the_engine_is_empty()
    {
        var simulation = new Simulation(Simulation.Small, EngineLimits.Of(Simulation.Small) with { KvBlocks = 100 });
        simulation.Submit(16 * 99, 16, text: 1);
        simulation.Run();
        simulation.Finished.Count.ShouldBe(1);
    }

    [Fact]
    public void What_can_never_fit_is_refused()
    {
        var simulation = new Simulation(Simulation.Small, EngineLimits.Of(Simulation.Small) with { KvBlocks = 10 });
        Should.Throw<ArgumentException>(() => simulation.Submit(150, 11, text: 1));
    }

    [Fact]
    public void An_aborted_sequence_gives_its_blocks_back_wherever_it_is()
    {
        var simulation = new Simulation(Simulation.Small, EngineLimits.Of(Simulation.Small) with { MaxSequences = 1 });
        var running = simulation.Submit(1000, 100, text: 1);
        var waiting = simulation.Submit(1000, 100, text: 2);
        simulation.Step();
        simulation.Core.Abort(waiting).ShouldBeTrue();
        simulation.Core.KvUsage.ShouldBeGreaterThan(0);
        simulation.Core.Abort(running).ShouldBeTrue();
        simulation.Core.KvUsage.ShouldBe(0);
        simulation.Core.Abort(running).ShouldBeFalse();
        simulation.Step().ShouldBeFalse();
    }

    [Fact]
    public void When_blocks_run_out_the_newest_is_preempted_and_everything_still_finishes_whole()
    {
        var simulation = new Simulation(Simulation.Small, EngineLimits.Of(Simulation.Small) with { KvBlocks = 64 });
        var first = simulation.Submit(160, 500, text: 0);
        for (var i = 1; i < 6; i++)
            simulation.Submit(160, 500, text: i);
        simulation.Run();
        simulation.Core.Counters.Preemptions.ShouldBeGreaterThan(0);
        first.Preemptions.ShouldBe(0);
        simulation.Finished[0].ShouldBe(first);
        simulation.Finished.Sum(s => s.Preemptions).ShouldBe((int)simulation.Core.Counters.Preemptions);
        simulation.Finished.Select(s => s.Generated).ShouldBe(Enumerable.Repeat(500, 6));
        simulation.Core.Counters.GeneratedTokens.ShouldBe(3000);
        simulation.Core.Counters.PromptTokens.ShouldBe(960);
        simulation.Core.KvUsage.ShouldBe(0);
    }

    [Fact]
    public void Random_loads_on_small_caches_always_finish_with_their_counts_and_leave_nothing_behind()
    {
        var random = new Random(11);
        for (var round = 0; round < 60; round++)
        {
            var limits = new EngineLimits
            {
                KvBlocks = random.Next(20, 80),
                MaxSequences = random.Next(1, 12),
                MaxBatchedTokens = random.Next(16, 400),
            };
            var simulation = new Simulation(Simulation.Small, limits);
            var aborted = 0;
            for (var i = 0; i < 60; i++)
            {
                var sequence = simulation.Submit(random.Next(1, 200), random.Next(1, 120), text: random.Next(8));
                for (var step = random.Next(6); step > 0; step--)
                    simulation.Step();
                if (random.Next(5) == 0 && simulation.Core.Abort(sequence))
                    aborted++;
            }
            simulation.Run();
            (simulation.Finished.Count + aborted).ShouldBe(60);
            simulation.Finished.ShouldAllBe(s => s.Generated == s.OutputTokens);
            simulation.Finished.Distinct().Count().ShouldBe(simulation.Finished.Count);
            (simulation.Core.KvUsage, simulation.Core.Running, simulation.Core.Waiting).ShouldBe((0, 0, 0));
        }
    }
}
