using Platform.Gateway.Routing;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

public sealed class BreakerTests
{
    private static readonly RoutingSettings Settings = new()
    {
        BreakerFailures = 3,
        BreakerFailedPercent = 50,
        BreakerMinTries = 10,
        BreakerWindowSeconds = 10,
        BreakerOpenMilliseconds = 5000,
    };

    private readonly ManualTime _time = new();
    private readonly Breaker _breaker;

    public BreakerTests() => _breaker = new(Settings, _time);

    [Fact]
    public void It_opens_after_failures_in_a_row()
    {
        Try(Verdict.Broken, Verdict.Broken, Verdict.Alive, Verdict.Broken, Verdict.Broken);
        _breaker.IsOpen.ShouldBeFalse();

        Try(Verdict.Broken);

        _breaker.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public void It_opens_when_half_of_the_last_moments_tries_failed()
    {
        Try(Verdict.Broken, Verdict.Alive, Verdict.Broken, Verdict.Alive, Verdict.Broken, Verdict.Alive, Verdict.Broken, Verdict.Alive, Verdict.Alive);
        _breaker.IsOpen.ShouldBeFalse();

        Try(Verdict.Broken);

        _breaker.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public void What_is_long_ago_does_not_count()
    {
        Try(Verdict.Broken, Verdict.Broken, Verdict.Alive, Verdict.Broken, Verdict.Broken, Verdict.Alive, Verdict.Broken, Verdict.Broken, Verdict.Alive);
        _time.Advance(TimeSpan.FromSeconds(11));

        Try(Verdict.Broken);

        _breaker.IsOpen.ShouldBeFalse();
    }

    [Fact]
    public void After_a_while_one_try_is_let_through_and_closes_it()
    {
        Try(Verdict.Broken, Verdict.Broken, Verdict.Broken);
        _time.Advance(TimeSpan.FromSeconds(5));

        _breaker.IsOpen.ShouldBeFalse();
        _breaker.Begin().ShouldBeTrue();
        _breaker.IsOpen.ShouldBeTrue();
        _breaker.Begin().ShouldBeFalse();
        _breaker.End(Verdict.Alive, decides: true);

        _breaker.IsOpen.ShouldBeFalse();
        Try(Verdict.Broken, Verdict.Broken);
        _breaker.IsOpen.ShouldBeFalse();
    }

    [Fact]
    public void A_try_that_fails_then_opens_it_anew()
    {
        Try(Verdict.Broken, Verdict.Broken, Verdict.Broken);
        _time.Advance(TimeSpan.FromSeconds(5));

        _breaker.End(Verdict.Broken, _breaker.Begin());
        _time.Advance(TimeSpan.FromSeconds(4.9));
        _breaker.IsOpen.ShouldBeTrue();
        _time.Advance(TimeSpan.FromSeconds(0.1));

        _breaker.IsOpen.ShouldBeFalse();
    }

    [Fact]
    public void A_deciding_try_that_says_nothing_leaves_it_to_the_next()
    {
        Try(Verdict.Broken, Verdict.Broken, Verdict.Broken);
        _time.Advance(TimeSpan.FromSeconds(5));

        _breaker.End(Verdict.None, _breaker.Begin());

        _breaker.IsOpen.ShouldBeFalse();
        _breaker.Begin().ShouldBeTrue();
    }

    [Fact]
    public void Tries_that_began_before_it_opened_say_nothing_any_more()
    {
        var old = _breaker.Begin();
        Try(Verdict.Broken, Verdict.Broken, Verdict.Broken);

        _breaker.End(Verdict.Alive, old);
        _breaker.IsOpen.ShouldBeTrue();
        _time.Advance(TimeSpan.FromSeconds(4));
        _breaker.End(Verdict.Broken, old);
        _time.Advance(TimeSpan.FromSeconds(1));

        _breaker.IsOpen.ShouldBeFalse();
    }

    private void Try(params Verdict[] verdicts)
    {
        foreach (var verdict in verdicts)
            _breaker.End(verdict, _breaker.Begin());
    }
}
