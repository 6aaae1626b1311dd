using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Tests;

public sealed class UpstreamPauseTests
{
    private static readonly DateTimeOffset Now = new(2026, 10, 21, 7, 28, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("7", null, 7000)]
    [InlineData("46", "45190", 45190)]
    [InlineData(null, "12.5", 12.5)]
    [InlineData("Wed, 21 Oct 2026 07:28:30 GMT", null, 30_000)]
    [InlineData("7", "soon", 7000)]
    [InlineData("7", "-5", 7000)]
    [InlineData("7", "NaN", 7000)]
    public void An_upstream_says_it_in_three_ways(string? retryAfter, string? milliseconds, double expected) =>
        Of(retryAfter, milliseconds).ShouldBe(TimeSpan.FromMilliseconds(expected));

    [Theory]
    [InlineData(null, null)]
    [InlineData("0", null)]
    [InlineData("later", null)]
    [InlineData("-3", null)]
    [InlineData("Wed, 21 Oct 2026 07:27:59 GMT", null)]
    public void A_time_that_is_over_is_none(string? retryAfter, string? milliseconds) => Of(retryAfter, milliseconds).ShouldBeNull();

    private static TimeSpan? Of(string? retryAfter, string? milliseconds)
    {
        using var response = new HttpResponseMessage();
        if (retryAfter is not null)
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        if (milliseconds is not null)
            response.Headers.TryAddWithoutValidation("retry-after-ms", milliseconds);
        return UpstreamPause.Of(response, Now);
    }
}
