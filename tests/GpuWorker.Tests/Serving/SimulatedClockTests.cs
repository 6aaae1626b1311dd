using Platform.GpuWorker.Serving;

namespace Platform.GpuWorker.Tests.Serving;

public sealed class SimulatedClockTests
{
    [Theory]
    [InlineData(1, 7.2, 0)]
    [InlineData(0.1, 7.2, 0)]
    [InlineData(0.01, 7.2, 0)]
    [InlineData(0.1, 7.2, 1.7)]
    [InlineData(0.01, 12.5, 1.7)]
    [InlineData(3, 0.4, 0.9)]
    public async Task Many_steps_take_their_sum_however_coarse_and_late_the_timers(double scale, double stepMs, double lateMs)
    {
        var time = new ElasticTime(TimeSpan.FromMilliseconds(lateMs));
        var clock = new SimulatedClock(time, scale);
        for (var i = 0; i < 2000; i++)
            await clock.AdvanceAsync(TimeSpan.FromMilliseconds(stepMs), TestContext.Current.CancellationToken);
        time.Elapsed.TotalMilliseconds.ShouldBe(2000 * stepMs * scale, 1 + lateMs);
        clock.Lost.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Short_steps_share_a_timer()
    {
        var time = new ElasticTime(TimeSpan.Zero);
        var clock = new SimulatedClock(time, 0.01);
        for (var i = 0; i < 1000; i++)
            await clock.AdvanceAsync(TimeSpan.FromMilliseconds(7), TestContext.Current.CancellationToken);
        time.Timers.ShouldBeLessThan(75);
    }

    [Fact]
    public async Task A_starved_worker_makes_up_for_a_quarter_of_a_second_and_counts_the_rest_as_lost()
    {
        var time = new ElasticTime(TimeSpan.Zero);
        var clock = new SimulatedClock(time, 0.5);
        time.Pass(TimeSpan.FromSeconds(10));
        await clock.AdvanceAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        clock.Lost.ShouldBe(TimeSpan.FromSeconds(10 - 0.5 - 0.25));
        clock.Wall.ShouldBe(TimeSpan.FromSeconds(20));
        clock.Now.ShouldBe(TimeSpan.FromSeconds(19.5));
    }

    [Fact]
    public async Task Idle_time_is_not_made_up_for()
    {
        var time = new ElasticTime(TimeSpan.Zero);
        var clock = new SimulatedClock(time, 1);
        time.Pass(TimeSpan.FromSeconds(10));
        clock.CatchUp();
        await clock.AdvanceAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        time.Elapsed.ShouldBe(TimeSpan.FromSeconds(11));
    }
}
