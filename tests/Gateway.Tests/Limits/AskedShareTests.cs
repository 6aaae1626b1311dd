using Platform.Contracts.Configuration;
using Platform.Gateway.Configuration;
using Platform.Gateway.Limits;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests.Limits;

/// <summary>Windows of which an agent has a share, and has to ask for it.</summary>
public sealed class AskedShareTests
{
    private readonly ManualTime _time = new();
    private readonly Quotas _quotas;

    public AskedShareTests() => _quotas = new(new QuotaStates(), new OutputHistory(), _time);

    [Fact]
    public async Task A_share_that_has_to_be_asked_for_is_waited_for()
    {
        var windows = new AskedWindows();
        var exchange = SomeExchange.Of(Snapshot.Empty, 10, SomeExchange.Quota(new(5)), SomeExchange.Quota(new(RequestsPerMinute: 5)));
        var use = _quotas.Of(exchange).ShouldNotBeNull();

        var reserving = use.ReserveAsync(windows, _quotas.AskOf(exchange)).AsTask();
        windows.Answer(new(RequestsPerMinute: 3));
        reserving.IsCompleted.ShouldBeFalse();
        windows.Answer(new(RequestsPerMinute: 0));

        var refusal = (await reserving).ShouldNotBeNull();
        (refusal.Kind, refusal.Limit, refusal.Wait).ShouldBe((QuotaKind.RequestsPerMinute, 5, TimeSpan.FromMinutes(1)));
        use.Stand(_time.GetUtcNow()).Requests!.Value.Remaining.ShouldBe(5, "what was had of the first is given back");
    }

    [Fact]
    public async Task A_share_that_cannot_be_had_leaves_nothing_reserved()
    {
        var windows = new AskedWindows();
        var exchange = SomeExchange.Of(Snapshot.Empty, 10, SomeExchange.Quota(new(5)), SomeExchange.Quota(new(5)));
        var use = _quotas.Of(exchange).ShouldNotBeNull();

        var reserving = use.ReserveAsync(windows, _quotas.AskOf(exchange)).AsTask();
        windows.Answer(new(5));
        windows.Fail();

        await Should.ThrowAsync<TimeoutException>(reserving);
        use.Stand(_time.GetUtcNow()).Requests!.Value.Remaining.ShouldBe(5);
    }

    /// <summary>Shares that come when the test says so.</summary>
    private sealed class AskedWindows : IQuotaWindows
    {
        private TaskCompletionSource<QuotaSpec> _asked = new();

        public void Answer(QuotaSpec share)
        {
            var asked = _asked;
            _asked = new();
            asked.SetResult(share);
        }

        public void Fail() => _asked.SetException(new TimeoutException());

        public ValueTask<QuotaSpec> ShareAsync(QuotaEntry quota, long tokens, DateTimeOffset now) => new(_asked.Task);
    }
}
