using System.Buffers;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Tests;

public sealed class BudgetedBufferTests
{
    private static readonly BufferBudget Budget = new(new() { MaxBufferedMegabytes = 1 });

    [Fact]
    public void It_holds_what_is_written_in_any_pieces()
    {
        using var buffer = new BudgetedBuffer(Budget, 1024 * 1024);
        var expected = new byte[100_000];
        new Random(3).NextBytes(expected);

        for (var i = 0; i < expected.Length; i += 777)
            buffer.Write(expected.AsSpan(i, Math.Min(777, expected.Length - i)));

        buffer.IsOver.ShouldBeFalse();
        buffer.Written.ToArray().ShouldBe(expected);
    }

    [Theory]
    [InlineData(10_000, 20_000)]
    [InlineData(100_000_000, 2_000_000)]
    public void Beyond_its_bound_or_the_budget_it_takes_no_more_and_gives_back_what_it_had(long bound, int written)
    {
        var budget = new BufferBudget(new() { MaxBufferedMegabytes = 1 });
        using var buffer = new BudgetedBuffer(budget, bound);

        for (var i = 0; i < written; i += 1000)
            buffer.Write(new byte[1000]);

        (buffer.IsOver, buffer.Written.Length).ShouldBe((true, 0));
        budget.TryRent(1024 * 1024).ShouldNotBeNull();
    }
}
