using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Routing;

namespace Platform.Gateway.Tests;

public sealed class TargetOrderTests
{
    [Fact]
    public void The_first_choice_of_a_tier_has_the_share_of_its_weight()
    {
        IReadOnlyList<ModelTarget> targets = [Target("a", 7), Target("b", 2), Target("c", 1)];
        var random = new Random(1);

        var firsts = Enumerable.Range(0, 10_000).Select(_ => TargetOrder.Of(targets, random)[0].UpstreamModel).CountBy(m => m).ToDictionary();

        firsts["a"].ShouldBeInRange(6_800, 7_200);
        firsts["b"].ShouldBeInRange(1_850, 2_150);
        firsts["c"].ShouldBeInRange(850, 1_150);
    }

    [Fact]
    public void The_others_of_the_tier_follow_and_then_the_higher_tiers()
    {
        IReadOnlyList<ModelTarget> targets = [Target("last", 100, 7), Target("a", 1), Target("next", 100, 1), Target("b", 1_000_000)];
        var random = new Random(1);

        for (var i = 0; i < 100; i++)
        {
            var order = TargetOrder.Of(targets, random).Select(t => t.UpstreamModel).ToList();
            order.Take(2).ShouldBe(["a", "b"], ignoreOrder: true);
            order.Skip(2).ShouldBe(["next", "last"]);
        }
    }

    [Fact]
    public void The_same_chance_gives_the_same_order()
    {
        IReadOnlyList<ModelTarget> targets = [.. Enumerable.Range(1, 20).Select(i => Target($"m{i}", i))];

        TargetOrder.Of(targets, new Random(42)).ShouldBe(TargetOrder.Of(targets, new Random(42)));
    }

    [Fact]
    public void Great_weights_do_not_overflow() =>
        TargetOrder.Of([Target("a", int.MaxValue), Target("b", int.MaxValue), Target("c", int.MaxValue)], new Random(1)).Count.ShouldBe(3);

    private static ModelTarget Target(string name, int weight, int tier = 0) => new(PoolId.New(), name, weight, tier);
}
