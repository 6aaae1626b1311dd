using Platform.Contracts.Ids;

namespace Platform.Contracts.Tests;

public sealed class RequestIdTests
{
    [Fact]
    public void An_id_tells_its_time_and_is_of_version_7()
    {
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        var text = RequestId.New().ToString();

        var milliseconds = Convert.ToInt64(text[..8] + text[9..13], 16);
        milliseconds.ShouldBeInRange(before, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        text[14].ShouldBe('7');
        "89ab".ShouldContain(text[19]);
    }

    [Fact]
    public async Task Threads_never_make_the_same()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 20_000).Select(_ => RequestId.New()).ToList())));

        made.SelectMany(m => m).Distinct().Count().ShouldBe(160_000);
        // The random part, by itself, too.
        made.SelectMany(m => m).Select(id => id.ToString()[19..]).Distinct().Count().ShouldBe(160_000);
    }
}
