using Platform.Contracts.Usage;
using Platform.Gateway.Answers;

namespace Platform.Gateway.Tests;

public sealed class UsageCountTests
{
    [Theory]
    [InlineData(10, 9, 0, 0, 94)]
    [InlineData(10, 9, 11, 0, 0)]
    [InlineData(10, 9, 6, 6, 0)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue)]
    public void Whatever_an_engine_says_a_whole_holds_its_parts_and_nothing_is_beyond_the_bound(
        long input, long output, long cached, long written, long reasoning)
    {
        var count = new UsageCount(input, output, cached, written, reasoning, Audio: 0).Consistent();

        (count.CachedInput + count.CacheWrite).ShouldBeLessThanOrEqualTo(count.Input);
        count.Reasoning.ShouldBeLessThanOrEqualTo(count.Output);
        new[] { count.Input, count.Output, count.CachedInput, count.CacheWrite, count.Reasoning, count.Audio }
            .ShouldAllBe(c => c >= 0 && c <= UsageRecord.MaxTokens);
    }

    [Fact]
    public void What_is_consistent_stays_as_it_is()
    {
        var count = new UsageCount(100, 50, 30, 20, 40, 5);

        count.Consistent().ShouldBe(count);
    }
}
