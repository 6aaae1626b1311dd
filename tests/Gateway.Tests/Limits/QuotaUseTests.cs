using Platform.Contracts.Configuration;
using Platform.Gateway.Configuration;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Limits;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests.Limits;

/// <summary>What requests reserve of their quotas, and what becomes of it.</summary>
public sealed class QuotaUseTests
{
    /// <summary>Tokens of the prompt, as they are estimated.</summary>
    private const int Prompt = 9;

    private static readonly LocalWindows Local = new();

    private readonly ManualTime _time = new();
    private readonly QuotaStates _states = new();
    private readonly Quotas _quotas;

    public QuotaUseTests() => _quotas = new(_states, new OutputHistory(), _time);

    [Fact]
    public async Task The_prompt_and_what_the_caller_wants_at_most_are_reserved_until_the_count_is_known()
    {
        var quota = SomeExchange.Quota(new(TokensPerMinute: 1000, TokensPerDay: 5000));

        var use = await TakenAsync(100, quota);
        Tokens(use).ShouldBe(1000 - Prompt - 100);
        use.Settle(SomeExchange.Record(20, 30));
        use.End();

        Tokens(use).ShouldBe(950);
    }

    [Fact]
    public async Task Without_a_bound_as_much_output_is_reserved_as_the_key_and_model_usually_produce()
    {
        var quota = SomeExchange.Quota(new(TokensPerMinute: 10_000));

        var first = await TakenAsync(null, quota);
        Tokens(first).ShouldBe(10_000 - Prompt - 256);
        first.Settle(SomeExchange.Record(Prompt, 50));
        first.End();

        Tokens(await TakenAsync(null, quota)).ShouldBe(10_000 - Prompt - 50 - Prompt - 50);
        Tokens(await TakenAsync(2000, quota)).ShouldBe(10_000 - (3 * (Prompt + 50)));
    }

    [Fact]
    public async Task A_small_request_without_a_bound_runs_while_the_prompt_fits()
    {
        var quota = SomeExchange.Quota(new(TokensPerMinute: 100));

        var use = await TakenAsync(null, quota);
        Tokens(use).ShouldBe(0);
        (await ReserveAsync(null, quota)).Refusal.ShouldNotBeNull().Wait.ShouldNotBeNull();

        use.Settle(SomeExchange.Record(Prompt, 11));
        Tokens(use).ShouldBe(80);
    }

    [Fact]
    public async Task A_request_that_is_larger_than_the_limit_is_never_asked_to_come_back()
    {
        var (_, refusal) = await ReserveAsync(200, SomeExchange.Quota(new(TokensPerMinute: 200)));

        refusal.ShouldNotBeNull();
        (refusal.Kind, refusal.Limit, refusal.Requested, refusal.Wait).ShouldBe((QuotaKind.TokensPerMinute, 200, 200 + Prompt, null));
    }

    [Fact]
    public async Task A_request_gets_of_all_its_quotas_or_of_none()
    {
        QuotaEntry[] quotas =
        [
            SomeExchange.Quota(new(1, 1, 1000, 1000, 5), LimitScopes.Key), SomeExchange.Quota(new(10, 10, 1000, 1000, 5), LimitScopes.Project),
            SomeExchange.Quota(new(TokensPerMinute: Prompt + 1)),
        ];

        (await ReserveAsync(10, quotas)).Refusal.ShouldNotBeNull().Quota.ShouldBe(quotas[2]);

        var use = await TakenAsync(1, quotas[0], quotas[1]);
        use.Stand(_time.GetUtcNow()).Requests!.Value.Remaining.ShouldBe(0);
    }

    [Fact]
    public async Task What_was_not_sent_is_given_back_whole()
    {
        var quota = SomeExchange.Quota(new(1, 1, 100, 100, 1));

        for (var i = 0; i < 3; i++)
        {
            var use = await TakenAsync(10, quota);
            use.Stand(_time.GetUtcNow()).Requests!.Value.Remaining.ShouldBe(0);
            use.End();
            use.End();
            (use.Stand(_time.GetUtcNow()).Requests!.Value.Remaining, Tokens(use)).ShouldBe((1, 100));
        }
    }

    [Fact]
    public async Task What_was_sent_and_not_counted_stays_reserved()
    {
        var exchange = SomeExchange.Of(Snapshot.Empty, 10, SomeExchange.Quota(new(5, TokensPerMinute: 100)));
        var (use, _) = await ReserveAsync(exchange);
        exchange.WasSent = true;
        use.End();

        (use.Stand(_time.GetUtcNow()).Requests!.Value.Remaining, Tokens(use)).ShouldBe((4, 100 - Prompt - 10));
    }

    [Fact]
    public async Task A_request_from_the_cache_counts_and_its_tokens_do_not()
    {
        var use = await TakenAsync(10, SomeExchange.Quota(new(5, TokensPerMinute: 100)));
        use.Settle(SomeExchange.Record(20, 30) with { Cached = true });
        use.End();

        (use.Stand(_time.GetUtcNow()).Requests!.Value.Remaining, Tokens(use)).ShouldBe((4, 100));
    }

    [Fact]
    public async Task The_tightest_quota_is_told_by_the_minute_and_by_the_day_where_it_has_no_other()
    {
        _time.Advance(TimeSpan.FromSeconds(20));
        var use = await TakenAsync(
            1, SomeExchange.Quota(new(RequestsPerMinute: 10, RequestsPerDay: 1)), SomeExchange.Quota(new(RequestsPerDay: 1000, TokensPerDay: 5000)), SomeExchange.Quota(new(RequestsPerMinute: 5)));

        var (requests, tokens) = use.Stand(_time.GetUtcNow());

        requests.ShouldBe(new Standing(5, 4, _time.GetUtcNow().AddSeconds(40)));
        tokens.ShouldBe(new Standing(5000, 5000 - Prompt - 1, _time.GetUtcNow().AddSeconds(-20).AddDays(1)));
    }

    [Fact]
    public async Task Quotas_of_a_model_hold_for_it_by_any_of_its_names()
    {
        QuotaEntry[] quotas =
        [
            SomeExchange.Quota(new(1), LimitScopes.Key, "some/model"), SomeExchange.Quota(new(1), LimitScopes.Project, "alias"),
            SomeExchange.Quota(new(1), LimitScopes.Tenant, "another"), SomeExchange.Quota(new(1)) with { Scope = LimitScopes.Key, ScopeId = Guid.NewGuid() },
        ];

        (await TakenAsync(1, quotas)).Count.ShouldBe(2);
        _quotas.Of(SomeExchange.Of(quotas[2], quotas[3])).ShouldBeNull();
        _states.Count.ShouldBe(2);
    }

    [Fact]
    public async Task More_quotas_than_most_requests_have_are_held_too()
    {
        var quotas = Enumerable.Range(0, 20).Select(i => SomeExchange.Quota(new(RequestsPerMinute: 40 - i))).ToArray();

        var use = await TakenAsync(1, quotas);

        use.Count.ShouldBe(20);
        use.Stand(_time.GetUtcNow()).Requests.ShouldBe(new Standing(21, 20, _time.GetUtcNow().AddMinutes(1)));
    }

    [Fact]
    public async Task A_limit_that_changes_finds_what_was_used_before()
    {
        var quota = SomeExchange.Quota(new(TokensPerMinute: 1000));
        (await TakenAsync(91, quota)).Settle(SomeExchange.Record(300, 300));

        Tokens(await TakenAsync(1, quota with { Limits = new(TokensPerMinute: 800) })).ShouldBe(800 - 600 - Prompt - 1);
        (await ReserveAsync(1, quota with { Limits = new(TokensPerMinute: 500) })).Refusal.ShouldNotBeNull();
        Tokens(await TakenAsync(1, quota with { Limits = new(TokensPerDay: 5000) })).ShouldBe(5000 - 600 - (2 * (Prompt + 1)));
        _time.Advance(TimeSpan.FromMinutes(1));
        Tokens(await TakenAsync(1, quota with { Limits = new(TokensPerMinute: 500) })).ShouldBe(500 - Prompt - 1, "a lower limit makes no debt");
    }

    [Fact]
    public async Task States_of_which_nothing_has_to_be_remembered_are_swept()
    {
        var quota = SomeExchange.Quota(new(TokensPerMinute: 100));
        var exchange = SomeExchange.Of(Snapshot.Empty, 1, quota);
        var snapshot = Snapshot.Empty with { Tenants = Snapshot.Empty.Tenants.Add(SomeExchange.Tenant, exchange.Caller.Tenant) };
        var use = await TakenAsync(1, quota);

        Sweep(snapshot).ShouldBe(1, "it runs");
        _time.Advance(TimeSpan.FromMinutes(2));
        Sweep(Snapshot.Empty).ShouldBe(1, "it runs");
        use.Settle(SomeExchange.Record(1, 1));
        use.End();
        Sweep(snapshot).ShouldBe(1, "the day is not over");
        _time.Advance(TimeSpan.FromDays(1));
        var late = _quotas.Of(exchange).ShouldNotBeNull();
        Sweep(snapshot).ShouldBe(0);

        (await late.ReserveAsync(Local, new(5, 5, true))).ShouldBeNull();
        Tokens(late).ShouldBe(90);
        Tokens(_quotas.Of(exchange)!).ShouldBe(90, "a request that looked before the sweep counts where those after it do");
        late.End();
        Sweep(Snapshot.Empty).ShouldBe(1, "the minute is not over");
        _time.Advance(TimeSpan.FromMinutes(1));
        Sweep(Snapshot.Empty).ShouldBe(0, "the quota is gone");
    }

    [Fact]
    public async Task A_request_with_three_quotas_costs_one_small_object()
    {
        var exchange = SomeExchange.Of(
            Snapshot.Empty, 10, SomeExchange.Quota(new(1_000_000, 1_000_000, 1_000_000_000, 1_000_000_000, 100), LimitScopes.Key),
            SomeExchange.Quota(new(1_000_000, TokensPerMinute: 1_000_000_000), LimitScopes.Project), SomeExchange.Quota(new(TokensPerDay: 1_000_000_000)));
        var record = SomeExchange.Record(Prompt, 5);
        const int requests = 1000;
        await RunAsync();

        var before = GC.GetAllocatedBytesForCurrentThread();
        await RunAsync();

        ((GC.GetAllocatedBytesForCurrentThread() - before) / (double)requests).ShouldBeLessThanOrEqualTo(256);

        async Task RunAsync()
        {
            for (var i = 0; i < requests; i++)
            {
                var use = _quotas.Of(exchange)!;
                if (await use.ReserveAsync(Local, _quotas.AskOf(exchange)) is not null)
                    return;
                use.Settle(record);
                use.End();
            }
        }
    }

    private int Sweep(Snapshot snapshot)
    {
        _states.Sweep(snapshot, _time.GetUtcNow());
        return _states.Count;
    }

    private long Tokens(QuotaUse use) => use.Stand(_time.GetUtcNow()).Tokens!.Value.Remaining;

    private async Task<QuotaUse> TakenAsync(int? most, params QuotaEntry[] quotas)
    {
        var (use, refusal) = await ReserveAsync(most, quotas);
        refusal.ShouldBeNull();
        return use;
    }

    private Task<(QuotaUse Use, QuotaRefusal? Refusal)> ReserveAsync(int? most, params QuotaEntry[] quotas) =>
        ReserveAsync(SomeExchange.Of(Snapshot.Empty, most, quotas));

    private async Task<(QuotaUse Use, QuotaRefusal? Refusal)> ReserveAsync(Exchange exchange)
    {
        var use = _quotas.Of(exchange).ShouldNotBeNull();
        return (use, await use.ReserveAsync(Local, _quotas.AskOf(exchange)));
    }
}
