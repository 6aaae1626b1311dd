using Platform.Contracts.Ids;
using Platform.Gateway.Limits;

namespace Platform.Gateway.Tests.Limits;

/// <summary>What is known of the requests before, and how times are written.</summary>
public sealed class QuotaTextTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(12, "12ms")]
    [InlineData(999.1, "1s")]
    [InlineData(54_000, "54s")]
    [InlineData(51_189, "51.189s")]
    [InlineData(45_190, "45.19s")]
    [InlineData(360_000, "6m0s")]
    [InlineData(59_999.5, "1m0s")]
    [InlineData(3_602_500, "1h0m2.5s")]
    [InlineData(86_399_999, "23h59m59.999s")]
    [InlineData(-5, "0s")]
    public void Durations_are_written_as_go_reads_them(double milliseconds, string text) =>
        GoDuration.Of(TimeSpan.FromMilliseconds(milliseconds)).ShouldBe(text);

    [Fact]
    public void What_a_key_and_model_usually_produce_follows_what_they_produced()
    {
        var history = new OutputHistory();
        var (key, model) = (ApiKeyId.New(), ModelId.New());
        history.Usual(key, model, "chat").ShouldBeNull();

        history.Learn(key, model, "chat", 100);
        history.Usual(key, model, "chat").ShouldBe(100);
        history.Learn(key, model, "chat", 0);
        history.Usual(key, model, "chat").ShouldBe(88);
        for (var i = 0; i < 100; i++)
            history.Learn(key, model, "chat", long.MaxValue);

        history.Usual(key, model, "chat")!.Value.ShouldBeInRange(900_000, 1_000_000);
        (history.Usual(key, model, "messages"), history.Usual(ApiKeyId.New(), model, "chat"), history.Usual(key, ModelId.New(), "chat")).ShouldBe((null, null, null));
    }
}
