using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

public sealed class TryClockTests : IDisposable
{
    private static readonly TryLimits Limits =
        new(Total: Seconds(100), Try: null, FirstByte: Seconds(30), Idle: Seconds(10), Write: Seconds(5), Detached: null);

    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _caller = new();
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _suspension = new();

    public void Dispose()
    {
        _caller.Dispose();
        _drain.Dispose();
        _suspension.Dispose();
    }

    [Fact]
    public void An_upstream_has_so_long_for_its_first_byte_and_then_for_each_next()
    {
        using var clock = Start(Limits);
        _time.Advance(Seconds(29));
        clock.Progress(1);
        _time.Advance(Seconds(9));
        clock.Progress(1);
        _time.Advance(Seconds(9.9));
        clock.IsRunning.ShouldBeTrue();

        _time.Advance(Seconds(0.2));

        clock.IsRunning.ShouldBeFalse();
        clock.AllowsNext.ShouldBeFalse();
        clock.Error(ApiErrors.UpstreamFailed).ShouldBe(ApiErrors.UpstreamTimeout);
    }

    [Fact]
    public void An_upstream_that_falls_silent_after_its_first_byte_has_the_idle_time_only()
    {
        using var clock = Start(Limits);
        _time.Advance(Seconds(1));
        clock.Progress(1);

        _time.Advance(Seconds(10));

        clock.IsRunning.ShouldBeFalse();
    }

    [Fact]
    public void A_busy_stream_ends_with_its_total_time()
    {
        using var clock = Start(Limits);
        for (var i = 0; i < 99; i++)
        {
            _time.Advance(Seconds(1));
            clock.Progress(1);
        }
        clock.IsRunning.ShouldBeTrue();

        _time.Advance(Seconds(1));

        clock.Error(ApiErrors.UpstreamFailed).ShouldBe(ApiErrors.UpstreamTimeout);
    }

    [Fact]
    public void The_time_in_which_a_caller_does_not_read_is_not_the_upstreams()
    {
        using var clock = Start(Limits with { Write = Seconds(20) });
        clock.Progress(1);
        clock.WriteWaits();
        _time.Advance(Seconds(19));
        clock.WriteEnds();
        _time.Advance(Seconds(9));
        clock.IsRunning.ShouldBeTrue();

        _time.Advance(Seconds(1));

        clock.IsRunning.ShouldBeFalse();
        clock.CallerTooSlow.ShouldBeFalse();
    }

    [Fact]
    public void A_caller_that_does_not_read_is_too_slow_and_has_not_left()
    {
        using var clock = Start(Limits);
        clock.Progress(1);
        _time.Advance(Seconds(1));
        clock.WriteWaits();

        _time.Advance(Seconds(5));
        _caller.Cancel();

        clock.IsRunning.ShouldBeFalse();
        (clock.CallerTooSlow, clock.CallerLeft, clock.AllowsNext).ShouldBe((true, false, false));
    }

    [Fact]
    public void A_try_has_a_time_of_its_own_until_its_answer_goes_to_the_caller()
    {
        using var clock = Start(Limits with { Try = Seconds(3) });
        using var delivered = Start(Limits with { Try = Seconds(3) });
        _time.Advance(Seconds(2));
        delivered.Progress(1);
        delivered.Delivered();

        _time.Advance(Seconds(2));

        (clock.IsRunning, clock.AllowsNext).ShouldBe((false, true));
        clock.Error(ApiErrors.UpstreamFailed).ShouldBe(ApiErrors.UpstreamTimeout);
        delivered.IsRunning.ShouldBeTrue();
    }

    [Fact]
    public void A_caller_that_leaves_ends_the_try()
    {
        using var clock = Start(Limits);

        _caller.Cancel();

        (clock.IsRunning, clock.CallerLeft, clock.AllowsNext).ShouldBe((false, true, false));
    }

    [Fact]
    public void Where_the_rest_is_wanted_the_try_goes_on_for_its_time()
    {
        var detached = new DetachedReads(new() { DetachedSeconds = 7 });
        var clock = Start(Limits with { Detached = detached });

        _caller.Cancel();
        _time.Advance(Seconds(6.9));
        clock.Progress(1);
        (clock.IsRunning, clock.CallerLeft, clock.AllowsNext, detached.Count).ShouldBe((true, true, false, 1));
        _time.Advance(Seconds(0.1));

        clock.IsRunning.ShouldBeFalse();
        clock.Dispose();
        detached.Count.ShouldBe(0);
    }

    [Fact]
    public void The_rest_is_bounded_in_bytes()
    {
        using var clock = Start(Limits with { Detached = new(new() { MaxDetachedBytes = 100 }) });
        clock.Progress(1000);

        _caller.Cancel();
        clock.Progress(100);
        clock.IsRunning.ShouldBeTrue();
        clock.Progress(1);

        clock.IsRunning.ShouldBeFalse();
    }

    [Fact]
    public void The_rest_is_bounded_in_number_and_ends_at_shutdown()
    {
        var detached = new DetachedReads(new() { MaxDetached = 1 });
        using var first = Start(Limits with { Detached = detached });
        using var second = Start(Limits with { Detached = detached });

        _caller.Cancel();
        new[] { first.IsRunning, second.IsRunning }.Count(r => r).ShouldBe(1);
        _drain.Cancel();

        (first.IsRunning, second.IsRunning).ShouldBe((false, false));
        (first.CallerLeft, second.CallerLeft).ShouldBe((true, true));
    }

    [Fact]
    public void A_suspension_and_a_shutdown_say_so()
    {
        using var clock = Start(Limits);
        _drain.Cancel();
        clock.Error(ApiErrors.UpstreamFailed).ShouldBe(ApiErrors.ShuttingDown);
        _suspension.Cancel();
        clock.Error(ApiErrors.UpstreamFailed).ShouldBe(ApiErrors.TenantSuspended);
        _caller.Cancel();
        clock.CallerLeft.ShouldBeFalse();
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private TryClock Start(TryLimits limits) => new(limits, _time, _caller.Token, _drain.Token, _suspension.Token);
}
