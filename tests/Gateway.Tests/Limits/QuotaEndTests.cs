using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Platform.Contracts.Configuration;
using Platform.Gateway.Tests.World;
using static Platform.Gateway.Tests.Limits.QuotaWorld;

namespace Platform.Gateway.Tests.Limits;

/// <summary>How requests end, and what becomes of what they had reserved.</summary>
public sealed class QuotaEndTests(GatewayFixture world) : IClassFixture<GatewayFixture>
{
    private static readonly QuotaSpec ADay = new(RequestsPerDay: 10, TokensPerDay: 1000);

    [Fact]
    public async Task An_endpoint_that_fails_uses_no_tokens_and_one_that_cannot_be_reached_no_request()
    {
        await using var broken = await UpstreamStub.JsonAsync("{}", 500);
        var (failing, absent) = (await world.TenantAsync(broken.Url, OfTenant(ADay)), await world.TenantAsync(new Uri("http://127.0.0.1:9/"), OfTenant(ADay)));

        var failed = await failing.AskAsync(failing.Body());
        var unreached = await absent.AskAsync(absent.Body());

        (failed.Status, unreached.Status).ShouldBe((502, 502));
        await Until.TrueAsync(() => world.Left(failing) == (9, 1000) && world.Left(absent) == (10, 1000));
    }

    [Fact]
    public async Task A_request_that_is_tried_twice_counts_once()
    {
        await using var busy = await UpstreamStub.JsonAsync("{}", 503);
        await using var good = await UpstreamStub.JsonAsync(Answer);
        var tenant = new TestTenant(world.Control, world.Gateway);
        PoolDocument[] pools = [tenant.Pool("vllm", busy.Url), tenant.Pool("vllm", good.Url)];
        foreach (var pool in pools)
            tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(tenant.Document(tenant.ModelOn(pools)) with { Quotas = [OfTenant(ADay)] });
        await world.Gateway.ReachAsync(world.Control);

        var answer = await tenant.AskAsync(tenant.Body());

        (answer.Status, answer.Left(), busy.Calls.Count, good.Calls.Count).ShouldBe((200, (9, 950), 1, 1));
    }

    [Fact]
    public async Task A_second_try_beside_a_silent_one_counts_nothing()
    {
        var calls = 0;
        async Task AnswerAsync(HttpContext context)
        {
            if (Interlocked.Increment(ref calls) == 1)
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Answer));
        }
        await using var one = await UpstreamStub.StartAsync((context, _) => AnswerAsync(context));
        await using var two = await UpstreamStub.StartAsync((context, _) => AnswerAsync(context));
        var tenant = new TestTenant(world.Control, world.Gateway);
        var pool = tenant.Pool("vllm", one.Url, two.Url);
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(tenant.Document(tenant.ModelOn(pool) with { Routing = new(HedgeAfterMs: 50) }) with { Quotas = [OfTenant(ADay)] });
        await world.Gateway.ReachAsync(world.Control);

        var answer = await tenant.AskAsync(tenant.Body());

        (answer.Status, answer.Left(), calls).ShouldBe((200, (9, 950), 2));
    }

    [Theory]
    [InlineData("""{"model":"some/model-1","messages":[]}""", 400)]
    [InlineData("""{"model":"none","messages":[{"role":"user","content":"x"}]}""", 404)]
    public async Task What_is_refused_uses_nothing(string body, int status)
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(upstream.Url, OfTenant(ADay));

        (await tenant.AskAsync(body)).Status.ShouldBe(status);

        world.Left(tenant).ShouldBe((10, 1000));
    }

    [Fact]
    public async Task A_repeat_with_an_idempotency_key_uses_nothing_and_is_told_how_it_stands()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(upstream.Url, OfTenant(new(RequestsPerDay: 2, TokensPerDay: 1000)));

        var first = await tenant.AskAsync(tenant.Body(), "k");
        var last = await tenant.AskAsync(tenant.Body());
        var refused = await tenant.AskAsync(tenant.Body(), "other");
        var again = await tenant.AskAsync(tenant.Body(), "k");

        (first.Left(), last.Left(), refused.Status, refused.Left()).ShouldBe(((1, 950), (0, 900), 429, (0, 900)));
        (again.Status, again.Header("idempotent-replayed"), again.Left()).ShouldBe((200, "true", (0, 900)));
        await world.SetAsync(tenant, world.Gateway.Snapshot!.Tenants[tenant.Id].Policies.Quotas[0] with { Limits = ADay });
        (await tenant.AskAsync(tenant.Body(), "other")).Header("idempotent-replayed").ShouldBeNull("a refusal leaves the key free");
    }

    [Fact]
    public async Task An_answer_from_the_cache_is_a_request_without_tokens()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(d => d with { Quotas = [OfTenant(ADay)], Traffic = new() { CacheSeconds = 60 } }, "vllm", upstream.Url);

        await tenant.AskAsync(tenant.Body());
        var hit = await tenant.AskAsync(tenant.Body());

        (hit.Header("x-gateway-cache"), hit.Left()).ShouldBe(("hit", (8, 950)));
        world.Left(tenant).ShouldBe((8, 950));
    }

    [Fact]
    public async Task As_many_run_at_one_time_as_may_and_whoever_ends_or_leaves_makes_room()
    {
        var hold = new StreamHold { IsOn = true };
        await using var upstream = await SlowUpstream.StartAsync(hold);
        var tenant = await world.TenantAsync(upstream.Url, OfTenant(new(RequestsPerDay: 100, ConcurrentRequests: 2)));
        using var first = await RawCaller.PostAsync(tenant, tenant.Body(stream: true));
        using var second = await RawCaller.PostAsync(tenant, tenant.Body(stream: true));
        await Until.TrueAsync(() => hold.Held == 2);

        var refused = await tenant.AskAsync(tenant.Body());

        (refused.Status, refused.Header("retry-after"), refused.Header("x-should-retry"), refused.Header("x-gateway-reason")).ShouldBe((429, "1", "true", "limit"));
        refused.Text.ShouldContain("\"code\":\"concurrent_requests_exceeded\"");
        refused.Text.ShouldContain("on concurrent requests: Limit 2, Running 2.");
        first.Leave();
        await Until.TrueAsync(async () => (await tenant.AskAsync(tenant.Body())).Status == 200);
        second.Leave();
        await Until.TrueAsync(() => tenant.Records().Count >= 3);
        for (var i = 0; i < 3; i++)
            await Until.TrueAsync(async () => (await tenant.AskAsync(tenant.Body())).Status == 200);
    }

    [Fact]
    public async Task A_stream_that_its_caller_left_is_charged_what_was_made_of_it()
    {
        var hold = new StreamHold { IsOn = true };
        await using var upstream = await SlowUpstream.StartAsync(hold);
        var tenant = await world.TenantAsync(upstream.Url, OfTenant(ADay));
        using var caller = await RawCaller.PostAsync(tenant, tenant.Body(stream: true));
        await Until.TrueAsync(() => hold.Held == 1);
        world.Left(tenant).ShouldBe((9, 1000 - 9 - 256));

        caller.Leave();
        var record = await tenant.RecordAsync();

        await Until.TrueAsync(() => world.Left(tenant) == (9, 1000 - record.InputTokens - record.OutputTokens));
    }

    [Fact]
    public async Task Four_hundred_at_once_reserve_no_more_than_the_limit()
    {
        var go = new TaskCompletionSource();
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await go.Task.WaitAsync(context.RequestAborted);
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Answer));
        });
        var tenant = await world.TenantAsync(upstream.Url, OfTenant(new(TokensPerMinute: 10_000)));
        await MinuteAsync();

        var asking = Enumerable.Range(0, 400).Select(_ => tenant.PostAsync(BodyOf(tenant, 91))).ToArray();
        await Until.TrueAsync(() => asking.Count(a => a.IsCompleted) == 300 && upstream.Calls.Count == 100);
        world.Left(tenant).Tokens.ShouldBe(0);
        go.SetResult();
        var answers = await Task.WhenAll(asking);

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(100, "each reserves 100 tokens");
        answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests).ShouldBe(300);
        await Until.TrueAsync(() => world.Left(tenant).Tokens == 10_000 - (100 * 50));
    }
}
