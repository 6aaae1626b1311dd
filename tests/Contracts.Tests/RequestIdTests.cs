using Platform.Contracts.Ids;

namespace Platform.Contracts.Tests;

public sealed class RequestIdTests
{
    [Fact]
    public void An_id_tells_its_time_and_is_of_version_7()
    {
        var text = RequestId.New(DateTimeOffset.FromUnixTimeMilliseconds(1_645_557_742_000)).ToString();

        // The time of RFC 9562's example (A.6).
        text.ShouldStartWith("017f22e2-79b0-7");
        "89ab".ShouldContain(text[19]);
    }

    [Fact]
    public async Task Threads_never_make_the_same()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 20_000).Select(_ => RequestId.New(DateTimeOffset.UnixEpoch)).ToList())));

        made.SelectMany(m => m).Distinct().Count().ShouldBe(160_000);
    }
}
