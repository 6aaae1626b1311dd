using Platform.GpuWorker.Engine;

namespace Platform.GpuWorker.Tests.Engine;

public sealed class PrefixCacheTests
{
    [Theory]
    [InlineData(4000, 4000)]
    [InlineData(4007, 4000)]
    [InlineData(4001, 4000)]
    [InlineData(4016, 4000)]
    public void The_same_prompt_again_is_cached_but_for_its_last_block_at_least(int promptTokens, int cached)
    {
        var simulation = new Simulation(Simulation.Small);
        simulation.Submit(promptTokens, 1, text: 1).CachedTokens.ShouldBeNull();
        simulation.Run();
        var fresh = simulation.Now;
        var again = simulation.Submit(promptTokens, 1, text: 1);
        simulation.Run();
        again.CachedTokens.ShouldBe(promptTokens == 4000 ? 4000 - BlockChain.BlockTokens : cached);
        (simulation.Now - fresh).ShouldBeLessThan(fresh / 10);
        simulation.Core.Counters.PrefixQueries.ShouldBe(2 * promptTokens);
        simulation.Core.Counters.PrefixHits.ShouldBe(again.CachedTokens!.Value);
    }

    [Fact]
    public void Only_the_common_start_hits()
    {
        var simulation = new Simulation(Simulation.Small);
        var (first, second) = (new BlockChain(0), new BlockChain(0));
        for (var i = 0; i < 1000; i++)
        {
            first.Append(i);
            second.Append(i < 500 ? i : -i);
        }
        simulation.Core.Submit(new(first, 1, i => i));
        simulation.Run();
        var sequence = new Sequence(second, 1, i => i);
        simulation.Core.Submit(sequence);
        simulation.Run();
        sequence.CachedTokens.ShouldBe(500 / BlockChain.BlockTokens * BlockChain.BlockTokens);
    }

    [Fact]
    public void Another_salt_shares_nothing()
    {
        var simulation = new Simulation(Simulation.Small);
        simulation.Submit(1000, 1, text: 1, salt: 1);
        simulation.Run();
        var other = simulation.Submit(1000, 1, text: 1, salt: 2);
        simulation.Run();
        other.CachedTokens.ShouldBe(0);
    }

    [Fact]
    public void An_answer_is_cached_for_the_next_turn_of_its_conversation()
    {
        var simulation = new Simulation(Simulation.Small);
        var turn = simulation.Submit(160, 161, text: 1);
        simulation.Run();
        var next = new BlockChain(0);
        for (var i = 0; i < 160; i++)
            next.Append(unchecked(7919 ^ (i * 31)));
        for (var i = 0; i < 161; i++)
            next.Append(104_729 ^ i);
        var sequence = new Sequence(next, 1, i => i);
        simulation.Core.Submit(sequence);
        simulation.Run();
        turn.Tokens.Length.ShouldBe(321);
        sequence.CachedTokens.ShouldBe(320);
    }

    [Fact]
    public void The_least_recently_used_prompt_is_forgotten_first()
    {
        var simulation = new Simulation(Simulation.Small, EngineLimits.Of(Simulation.Small) with { KvBlocks = 30 });
        int Cached(int text)
        {
            var sequence = simulation.Submit(150, 1, text);
            simulation.Run();
            return sequence.CachedTokens ?? -1;
        }

        (Cached(1), Cached(2), Cached(3)).ShouldBe((0, 0, 0));
        Cached(1).ShouldBe(144);
        Cached(4).ShouldBe(0);
        Cached(1).ShouldBe(144);
        Cached(2).ShouldBeLessThan(144);
    }

    [Fact]
    public void Sequences_that_run_together_share_the_blocks_of_their_common_start()
    {
        var simulation = new Simulation(Simulation.Small, EngineLimits.Of(Simulation.Small) with { KvBlocks = 1000 });
        simulation.Submit(1600, 50, text: 1);
        simulation.Step();
        var alone = simulation.Core.KvUsage;
        simulation.Submit(1600, 50, text: 1);
        simulation.Step();
        simulation.Core.KvUsage.ShouldBeLessThan(alone + 0.01);
        simulation.Run();
        simulation.Core.KvUsage.ShouldBe(0);
    }
}
