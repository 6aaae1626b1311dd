using Platform.Contracts.Ids;
using Platform.Control.Usage;

namespace Platform.Control.Tests.Usage;

public sealed class ReplayBackoffTests
{
    private static readonly AgentId Agent = AgentId.New();
    private static readonly BootId Boot = BootId.New();
    private readonly Clock _clock = new();
    private readonly ReplayBackoff _backoff;

    public ReplayBackoffTests() => _backoff = new(_clock);

    [Fact]
    public void It_asks_at_once_and_then_ever_more_seldom()
    {
        var asked = new List<int>();
        for (var second = 0; second < 3600; second++)
        {
            if (_backoff.IsDue(Agent, Boot, 10))
                asked.Add(second);
            _clock.Now += TimeSpan.FromSeconds(1);
        }

        asked[..6].ShouldBe([0, 5, 15, 35, 75, 155]);
        asked.Zip(asked.Skip(1), (a, b) => b - a).Max().ShouldBe(600);
    }

    [Fact]
    public void A_journal_that_got_further_is_asked_for_anew()
    {
        _backoff.IsDue(Agent, Boot, 10).ShouldBeTrue();
        _backoff.IsDue(Agent, Boot, 10).ShouldBeFalse();

        _backoff.IsDue(Agent, Boot, 11).ShouldBeTrue();
    }

    [Fact]
    public void What_is_complete_is_forgotten()
    {
        _backoff.IsDue(Agent, Boot, 10).ShouldBeTrue();
        _backoff.KeepOnly(new HashSet<(AgentId, BootId)>());

        _backoff.IsDue(Agent, Boot, 10).ShouldBeTrue();
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
