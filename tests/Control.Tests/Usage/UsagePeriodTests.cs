using Platform.Control.Usage;

namespace Platform.Control.Tests.Usage;

public sealed class UsagePeriodTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 23, 30, 0, TimeSpan.FromHours(-3));

    [Fact]
    public void Without_anything_it_is_the_present_utc_day()
    {
        UsagePeriod.Read(null, null, Now, out var period).ShouldBeEmpty();

        period.ShouldBe(new(Utc(2026, 7, 2), Utc(2026, 7, 3)));
    }

    [Fact]
    public void Times_without_an_offset_are_utc_and_others_are_turned_into_it()
    {
        UsagePeriod.Read("2026-06-01", "2026-06-01T05:00:00+02:00", Now, out var period).ShouldBeEmpty();

        period.From.ShouldBe(Utc(2026, 6, 1));
        period.To.ShouldBe(Utc(2026, 6, 1).AddHours(3));
        period.To.Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Only_an_end_means_the_day_before_it()
    {
        UsagePeriod.Read(null, "2026-06-02", Now, out var period).ShouldBeEmpty();

        period.ShouldBe(new(Utc(2026, 6, 1), Utc(2026, 6, 2)));
    }

    [Theory]
    [InlineData("yesterday", null, "from")]
    [InlineData(null, "31.12.2026", "to")]
    [InlineData("0001-01-01", null, "from")]
    [InlineData("2026-06-02", "2026-06-02", "from")]
    [InlineData("2020-06-02", "2026-06-02", "from")]
    public void Faults_name_their_parameter(string? from, string? to, string parameter) =>
        UsagePeriod.Read(from, to, Now, out _).Keys.ShouldBe([parameter]);

    private static DateTimeOffset Utc(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);
}
