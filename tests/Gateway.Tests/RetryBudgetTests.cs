using Platform.Contracts.Ids;
using Platform.Gateway.Configuration;
using Platform.Gateway.Routing;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

public sealed class RetryBudgetTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Retries_are_a_share_of_the_requests_and_a_floor()
    {
        var budget = new RetryBudget(percent: 20, floorPerSecond: 1, _time);
        Count(budget, requests: 100).ShouldBe(10 + 20);
    }

    [Fact]
    public void What_is_older_than_ten_seconds_does_not_count()
    {
        var budget = new RetryBudget(percent: 20, floorPerSecond: 1, _time);
        Count(budget, requests: 1000).ShouldBe(210);
        _time.Advance(TimeSpan.FromSeconds(5));
        budget.Allows().ShouldBeFalse();

        _time.Advance(TimeSpan.FromSeconds(6));

        Count(budget, requests: 0).ShouldBe(10);
        budget.IsIdle.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(11));
        budget.IsIdle.ShouldBeTrue();
    }

    [Fact]
    public void A_models_budget_is_its_own_and_that_of_all_bounds_it()
    {
        using var current = new CurrentSnapshot();
        using var budgets = new RetryBudgets(new() { RetryPercent = 20, MinModelRetriesPerSecond = 1, MinRetriesPerSecond = 2 }, _time, current);
        var models = new[] { ModelId.New(), ModelId.New(), ModelId.New() };

        var taken = models.Select(m => Enumerable.Range(0, 50).Count(_ => budgets.TryTake(m))).ToArray();

        taken.ShouldBe([10, 10, 0]);
        budgets.AddRequest(models[2]);
        budgets.AddRequest(models[2]);
        budgets.TryTake(models[2]).ShouldBeTrue(); // 20 + 0.4 are allowed
        budgets.TryTake(models[2]).ShouldBeFalse();
    }

    [Fact]
    public void Counts_from_many_threads_are_all_there()
    {
        var counts = new SlidingCounts(TimeSpan.FromSeconds(10), _time);

        Parallel.For(0, 10_000, i =>
        {
            counts.AddFirst();
            if (i % 2 == 0)
                counts.AddSecond();
        });

        counts.Sum().ShouldBe((10_000, 5_000));
    }

    private static int Count(RetryBudget budget, int requests)
    {
        for (var i = 0; i < requests; i++)
            budget.AddRequest();
        var retries = 0;
        for (; budget.Allows(); retries++)
            budget.AddRetry();
        return retries;
    }
}
