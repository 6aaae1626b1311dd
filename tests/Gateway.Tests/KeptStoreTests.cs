using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Ids;
using Platform.Contracts.Usage;
using Platform.Gateway.Caching;
using Platform.Gateway.Idempotency;
using Platform.Gateway.KeptAnswers;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>What is kept stays within its bounds, and goes when its time is over.</summary>
public sealed class KeptStoreTests : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    private readonly ManualTime _time = new();
    private readonly TenantId _one = TenantId.New();
    private readonly TenantId _two = TenantId.New();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly KeptMetrics _metrics;

    public KeptStoreTests() => _metrics = new(_services.GetRequiredService<IMeterFactory>());

    public void Dispose() => _services.Dispose();

    [Fact]
    public void A_key_is_known_for_its_window_from_the_answer_on()
    {
        var store = Store();
        var entry = store.Begin(Request(_one, "a")).Entry!;
        _time.Advance(2 * Window);
        store.Begin(Request(_one, "a")).Found.State.ShouldBe(KeyState.Running);
        store.Finish(entry, Answer(10));

        _time.Advance(Window - TimeSpan.FromTicks(1));
        store.Begin(Request(_one, "a")).Found.State.ShouldBe(KeyState.Answered);
        _time.Advance(TimeSpan.FromTicks(1));

        store.Begin(Request(_one, "a")).Entry.ShouldNotBeNull();
    }

    [Fact]
    public void What_is_over_goes_without_being_asked_for()
    {
        var store = Store();
        foreach (var name in (string[])["a", "b", "c"])
            store.Finish(store.Begin(Request(_one, name)).Entry!, Answer(10));
        store.Begin(Request(_one, "running"));
        _time.Advance(Window);

        store.Sweep();

        (store.Count, store.Bytes).ShouldBe((1, 0));
    }

    [Fact]
    public void A_key_that_was_freed_runs_again()
    {
        var store = Store();
        store.Free(store.Begin(Request(_one, "a")).Entry!);

        store.Begin(Request(_one, "a")).Entry.ShouldNotBeNull();
    }

    [Fact]
    public void Answers_that_take_too_much_go_and_their_keys_stay()
    {
        var store = Store(new() { MaxMegabytes = 1, MaxTenantPercent = 50 });
        for (var i = 0; i < 100; i++)
        {
            store.Finish(store.Begin(Request(_one, $"{i}")).Entry!, Answer(50_000));
            store.Bytes.ShouldBeLessThanOrEqualTo(512 * 1024);
        }

        store.Count.ShouldBe(100);
        store.Begin(Request(_one, "0")).Found.State.ShouldBe(KeyState.Gone);
        store.Begin(Request(_one, "99")).Found.State.ShouldBe(KeyState.Answered);
        store.Begin(Request(_one, "0", "other")).Found.State.ShouldBe(KeyState.OtherBody);
    }

    [Fact]
    public void An_answer_that_is_too_large_is_not_kept()
    {
        var store = Store(new() { MaxAnswerKilobytes = 1 });
        store.Finish(store.Begin(Request(_one, "a")).Entry!, Answer(1025));

        store.Begin(Request(_one, "a")).Found.State.ShouldBe(KeyState.Gone);
    }

    [Fact]
    public void A_tenant_takes_neither_more_keys_nor_more_room_than_its_share()
    {
        var store = Store(new() { MaxEntries = 100, MaxTenantPercent = 25, MaxMegabytes = 1 });
        store.Finish(store.Begin(Request(_two, "mine")).Entry!, Answer(100_000));
        for (var i = 0; i < 49; i++)
            store.Finish(store.Begin(Request(_one, $"{i}")).Entry!, Answer(100_000));

        store.Begin(Request(_one, "one too many")).Found.State.ShouldBe(KeyState.Full);
        store.Begin(Request(_two, "mine")).Found.State.ShouldBe(KeyState.Answered);
        store.Bytes.ShouldBeLessThanOrEqualTo(1024 * 1024);
    }

    [Fact]
    public void A_tenant_takes_more_keys_than_its_share_while_half_of_them_are_free()
    {
        var store = Store(new() { MaxEntries = 100, MaxTenantPercent = 25 });
        var alone = Enumerable.Range(0, 51).Select(i => store.Begin(Request(_one, $"{i}")).Found.State).ToList();
        var others = Enumerable.Range(0, 26).Select(i => store.Begin(Request(_two, $"{i}")).Found.State).ToList();

        alone.Take(50).ShouldAllBe(s => s == KeyState.Unknown);
        alone[50].ShouldBe(KeyState.Full);
        others.Take(25).ShouldAllBe(s => s == KeyState.Unknown);
        others[25].ShouldBe(KeyState.Full);
    }

    [Fact]
    public void Where_all_keys_are_taken_whoever_has_most_makes_room_for_who_has_less()
    {
        var store = Store(new() { MaxEntries = 10, MaxTenantPercent = 100 });
        for (var i = 0; i < 10; i++)
            store.Finish(store.Begin(Request(_one, $"{i}")).Entry!, Answer(10));

        store.Begin(Request(_one, "more")).Found.State.ShouldBe(KeyState.Full);
        var newcomers = Enumerable.Range(0, 8).Select(i => store.Begin(Request(_two, $"{i}")).Found.State).ToList();

        newcomers.Take(5).ShouldAllBe(s => s == KeyState.Unknown);
        newcomers.Skip(5).ShouldAllBe(s => s == KeyState.Full);
        store.Count.ShouldBe(10);
        store.Begin(Request(_one, "9")).Found.State.ShouldBe(KeyState.Answered);
    }

    [Fact]
    public void Of_two_agents_that_ask_each_other_at_once_one_goes_first()
    {
        var (here, there) = (Store(), Store());
        var (mine, theirs) = (here.Begin(Request(_one, "a")).Entry!, there.Begin(Request(_one, "a")).Entry!);

        KeyState[] heard =
        [
            there.Look(mine.Request.Scope, mine.Request.Body, mine.Id).State, here.Look(theirs.Request.Scope, theirs.Request.Body, theirs.Id).State,
        ];

        heard.Order().ShouldBe([KeyState.Unknown, KeyState.Running]);
        here.Run(mine);
        here.Look(theirs.Request.Scope, theirs.Request.Body, Guid.Empty).State.ShouldBe(KeyState.Running);
    }

    [Fact]
    public void The_cache_stays_within_its_bounds_and_forgets_what_nobody_asks_for()
    {
        var random = new Random(7);
        var settings = new CacheSettings { MaxEntries = 50, MaxMegabytes = 1, MaxTenantPercent = 60, MaxAnswerKilobytes = 64 };
        var cache = new ResponseCache(settings, _metrics, _time);
        TenantId[] tenants = [_one, _two, TenantId.New()];
        var often = Digest.Of("often");
        cache.Put(often, Owner(_one), Answer(10), Record(), Window);
        for (var i = 0; i < 2000; i++)
        {
            cache.Put(Digest.Of($"{i}"), Owner(tenants[random.Next(3)]), Answer(random.Next(70_000)), Record(), Window);
            cache.Find(often, Window);
            cache.Count.ShouldBeLessThanOrEqualTo(50);
            cache.Bytes.ShouldBeLessThanOrEqualTo(1024 * 1024);
        }

        cache.Find(often, Window).ShouldNotBeNull();
        cache.Find(Digest.Of("0"), Window).ShouldBeNull();
        cache.Forget(_ => true, owner => owner.Tenant == _two);
        cache.Find(often, Window).ShouldBeNull();
        _time.Advance(Window);
        cache.Sweep();
        (cache.Count, cache.Bytes).ShouldBe((0, 0));
    }

    [Fact]
    public void A_cached_answer_is_given_up_to_its_age_and_no_longer()
    {
        var cache = new ResponseCache(new(), _metrics, _time);
        cache.Put(Digest.Of("a"), Owner(_one), Answer(10), Record(), Window);
        _time.Advance(Window - TimeSpan.FromTicks(1));

        cache.Find(Digest.Of("a"), Window).ShouldNotBeNull();
        _time.Advance(TimeSpan.FromTicks(1));

        cache.Find(Digest.Of("a"), 2 * Window).ShouldBeNull();
    }

    [Fact]
    public void What_goes_before_its_time_and_what_there_is_are_counted()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        var seen = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Scope == factory)
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen[NameOf(instrument, tags)] = seen.GetValueOrDefault(NameOf(instrument, tags)) + value);
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => seen[NameOf(instrument, tags)] = value);
        listener.Start();
        var cache = new ResponseCache(new() { MaxEntries = 2 }, _metrics, _time);
        _metrics.Observe(KeptMetrics.Cache, () => cache.Count, () => cache.Bytes);
        for (var i = 0; i < 5; i++)
            cache.Put(Digest.Of($"{i}"), Owner(_one), Answer(10), Record(), Window);
        _metrics.Found(KeptMetrics.Cache, "hit");

        listener.RecordObservableInstruments();

        seen["gateway.kept.dropped cache"].ShouldBe(3);
        seen["gateway.kept.lookups cache hit"].ShouldBe(1);
        seen["gateway.kept.count cache"].ShouldBe(2);
        seen["gateway.kept.size cache"].ShouldBe(cache.Bytes);
    }

    private static string NameOf(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name;
        foreach (var (_, value) in tags)
            name += $" {value}";
        return name;
    }

    private static KeyedRequest Request(TenantId tenant, string key, string body = "body") => new(Digest.Of(tenant.ToString(), key), Digest.Of(body), tenant, Window);

    private static CacheOwner Owner(TenantId tenant) => new(tenant, default, default);

    private static KeptAnswer Answer(int bytes) => new(RequestId.New(), 200, [], new byte[bytes]);

    private static UsageRecord Record() => new()
    {
        Id = RequestId.New(),
        AgentId = AgentId.New(),
        BootId = BootId.New(),
        StartedAt = DateTimeOffset.UnixEpoch,
        TenantId = TenantId.New(),
        ProjectId = ProjectId.New(),
        ModelAsked = "m",
        ModelServed = "m",
        PoolId = PoolId.New(),
        EndpointId = EndpointId.New(),
        Operation = Operations.Chat,
        UsageSource = UsageSources.Provider,
        Status = 200,
    };

    private IdempotencyStore Store(IdempotencySettings? settings = null) => new(settings ?? new(), _metrics, _time);
}
