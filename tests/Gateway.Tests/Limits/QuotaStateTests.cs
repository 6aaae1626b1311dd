using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Limits;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests.Limits;

/// <summary>Windows of one quota: what they let through, and what is owed to the next ones.</summary>
public sealed class QuotaStateTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private readonly ManualTime _time = new();
    private readonly QuotaState _state = new(TenantId.New());

    [Fact]
    public void A_window_ends_with_the_minute_and_the_next_is_full()
    {
        _time.Advance(TimeSpan.FromSeconds(59));
        Take(100, 60).Refusal.ShouldBeNull();

        var refusal = Take(100, 60).Refusal.ShouldNotBeNull();
        (refusal.Used, refusal.Requested, refusal.Wait).ShouldBe((60, 60, TimeSpan.FromSeconds(1)));
        _time.Advance(TimeSpan.FromSeconds(1));

        Take(100, 60).Refusal.ShouldBeNull();
        Left(100).ShouldBe(40);
    }

    [Fact]
    public void What_is_reserved_in_one_minute_and_comes_to_less_in_the_next_gives_that_one_nothing()
    {
        var (hold, _) = Take(100, 90);
        _time.Advance(TimeSpan.FromMinutes(1));
        Take(100, 50);

        Settle(hold, 10);

        Left(100).ShouldBe(50);
    }

    [Fact]
    public void What_was_used_beyond_the_reservation_takes_what_is_left_and_is_owed_beyond_that()
    {
        var (hold, _) = Take(100, 40);

        Settle(hold, 250);

        Left(100).ShouldBe(0);
        Take(100, 60).Refusal.ShouldNotBeNull().Wait.ShouldBe(TimeSpan.FromMinutes(3), "150 are owed, so that the minute after the next has 50 left");
        Take(100, 40).Refusal.ShouldNotBeNull().Wait.ShouldBe(TimeSpan.FromMinutes(2));
        _time.Advance(TimeSpan.FromMinutes(1));
        Left(100).ShouldBe(0);
        _time.Advance(TimeSpan.FromMinutes(1));
        Left(100).ShouldBe(50);
        _time.Advance(TimeSpan.FromMinutes(1));
        Left(100).ShouldBe(100);
    }

    [Fact]
    public void Debt_is_paid_while_nobody_asks_and_is_no_more_than_an_hours()
    {
        Settle(Take(100, 40).Hold, 1_000_000_000);

        _time.Advance(TimeSpan.FromMinutes(60));
        Left(100).ShouldBe(0);
        _time.Advance(TimeSpan.FromMinutes(1));
        Left(100).ShouldBe(100);
    }

    [Fact]
    public void A_clock_that_is_set_back_a_little_begins_no_window_anew()
    {
        _time.Advance(TimeSpan.FromMinutes(10));
        var start = _time.GetUtcNow();
        var hold = Hold(100);
        _state.Take(ref hold, hold.Quota.Limits, new(60, 0, true), start, out _).ShouldBeNull();
        var again = Hold(100);

        _state.Take(ref again, again.Quota.Limits, new(60, 0, true), start.AddSeconds(-1), out _).ShouldNotBeNull().Wait.ShouldBe(TimeSpan.FromSeconds(61));
        _state.Settle(ref hold, 30, start.AddSeconds(-1));

        _state.Stand(hold.Quota.Limits, start.AddSeconds(-1)).Tokens!.Value.Remaining.ShouldBe(70);
        _state.Stand(hold.Quota.Limits, start.AddHours(-1)).Tokens!.Value.Remaining.ShouldBe(100, "who set it back by hours was wrong before");
    }

    [Fact]
    public void Nothing_passes_where_nothing_is_allowed()
    {
        Take(0, 1).Refusal.ShouldNotBeNull().Wait.ShouldBeNull();
        Take(0, 0).Refusal.ShouldBeNull();
    }

    /// <summary>As a model of it: whatever the order, no window lets more through than its limit, and what is given back never makes it negative.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void No_order_of_requests_lets_more_through_than_the_limit(int seed)
    {
        var random = new Random(seed);
        const long limit = 1000;
        var running = new List<Hold>();
        var reserved = new Dictionary<int, long>();
        for (var step = 0; step < 20_000; step++)
        {
            var action = random.Next(10);
            if (action < 5)
            {
                var (hold, refusal) = Take(limit, random.Next(1, 400), random.Next(0, 400), random.Next(2) == 0);
                if (refusal is null)
                {
                    running.Add(hold);
                    reserved[hold.Minute] = reserved.GetValueOrDefault(hold.Minute) + hold.MinuteTokens;
                }
            }
            else if (action < 9 && running.Count > 0)
            {
                var at = random.Next(running.Count);
                var hold = running[at];
                running.RemoveAt(at);
                var isRefund = random.Next(4) == 0;
                var used = isRefund ? 0 : random.Next(3) == 0 ? random.Next(0, 2000) : random.NextInt64(0, hold.MinuteTokens + 1);
                if (!isRefund)
                    _state.Settle(ref hold, used, _time.GetUtcNow());
                _state.End(ref hold, isRefund);
                reserved[hold.Minute] += Math.Min(used - hold.MinuteTokens, 0);
            }
            else
            {
                _time.Advance(TimeSpan.FromSeconds(random.Next(1, 50)));
            }
            reserved.Values.ShouldAllBe(r => r >= 0 && r <= limit);
            Left(limit).ShouldBeInRange(0, limit - reserved.GetValueOrDefault(WindowTimes.MinuteOf(_time.GetUtcNow())));
        }
    }

    [Fact]
    public async Task Four_hundred_at_once_get_no_more_than_there_is()
    {
        const long limit = 10_000;
        var taken = 0L;
        using var start = new Barrier(8);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(Token);
                for (var i = 0; i < 50; i++)
                {
                    var (hold, refusal) = Take(limit, 31 + n, i % 2 == 0 ? 30 : 0, i % 3 == 0);
                    if (refusal is null)
                        Interlocked.Add(ref taken, hold.MinuteTokens);
                }
            },
            Token, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        taken.ShouldBeInRange(limit - 40, limit);
        Left(limit).ShouldBe(limit - taken);
    }

    [Fact]
    public async Task Requests_at_one_time_are_counted_right_by_many_at_once()
    {
        var limits = new QuotaSpec(ConcurrentRequests: 5);
        var running = 0;

        await Parallel.ForAsync(0, 8, Token, (_, _) =>
        {
            for (var i = 0; i < 5000; i++)
            {
                var hold = new Hold(SomeExchange.Quota(limits), _state);
                if (_state.Take(ref hold, limits, default, _time.GetUtcNow(), out _) is { } refusal)
                {
                    refusal.Kind.ShouldBe(QuotaKind.ConcurrentRequests);
                    continue;
                }
                Interlocked.Increment(ref running).ShouldBeLessThanOrEqualTo(5);
                Interlocked.Decrement(ref running);
                _state.End(ref hold, refund: i % 2 == 0);
            }
            return ValueTask.CompletedTask;
        });

        var last = new Hold(SomeExchange.Quota(limits), _state);
        for (var i = 0; i < 5; i++)
            _state.Take(ref last, limits, default, _time.GetUtcNow(), out _).ShouldBeNull();
        _state.Take(ref last, limits, default, _time.GetUtcNow(), out _).ShouldNotBeNull();
    }

    private Hold Hold(long limit) => new(SomeExchange.Quota(new(TokensPerMinute: limit)), _state);

    private (Hold Hold, QuotaRefusal? Refusal) Take(long limit, long prompt, long output = 0, bool isBounded = true)
    {
        var hold = Hold(limit);
        var refusal = _state.Take(ref hold, hold.Quota.Limits, new(prompt, output, isBounded), _time.GetUtcNow(), out _);
        return (hold, refusal);
    }

    private void Settle(Hold hold, long tokens)
    {
        _state.Settle(ref hold, tokens, _time.GetUtcNow());
        _state.End(ref hold, refund: false);
    }

    private long Left(long limit) => _state.Stand(new(TokensPerMinute: limit), _time.GetUtcNow()).Tokens!.Value.Remaining;
}
