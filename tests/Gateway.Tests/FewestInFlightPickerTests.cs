using Platform.Gateway.Routing;

namespace Platform.Gateway.Tests;

public sealed class FewestInFlightPickerTests
{
    private readonly FewestInFlightPicker _picker = new(new Random(1));

    [Fact]
    public void Nothing_to_pick_from_is_no_pick() => _picker.Pick([]).ShouldBe(-1);

    [Fact]
    public void The_fewest_in_flight_wins() => _picker.Pick([new(3, false), new(1, false), new(2, false)]).ShouldBe(1);

    [Fact]
    public void One_that_failed_is_taken_last() => _picker.Pick([new(0, true), new(9, false)]).ShouldBe(1);

    [Fact]
    public void Where_all_failed_the_fewest_wins() => _picker.Pick([new(2, true), new(1, true)]).ShouldBe(1);

    [Fact]
    public void Ties_are_broken_evenly()
    {
        var counts = new int[3];
        for (var i = 0; i < 3000; i++)
            counts[_picker.Pick([new(1, false), new(1, false), new(1, false)])]++;

        counts.ShouldAllBe(c => c > 900 && c < 1100);
    }
}
