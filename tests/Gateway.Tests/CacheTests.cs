using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Ids;
using Platform.Contracts.Usage;
using Platform.Gateway.Caching;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>Answers from the cache, through the door.</summary>
public sealed class CacheTests(GatewayFixture world) : IClassFixture<GatewayFixture>
{
    private const string Answer =
        """{"choices":[{"message":{"content":"é"},"finish_reason":"stop"}],"usage":{"prompt_tokens":30,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":4}}}""";

    private const string Events =
        "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"wörd\"}}]}\n\n"
        + "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
        + "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7}}\n\ndata: [DONE]\n\n";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_same_request_is_answered_from_the_cache_and_counted_as_such(bool stream)
    {
        await using var upstream = stream ? await UpstreamStub.EventsAsync(Events) : await UpstreamStub.JsonAsync(Answer);
        var tenant = await TenantAsync(upstream);

        var first = await tenant.AskAsync(tenant.Body(stream));
        var second = await tenant.AskAsync(tenant.Body(stream));

        (first.Header("x-gateway-cache"), first.Header("age")).ShouldBe(("miss", null));
        second.Header("x-gateway-cache").ShouldBe("hit");
        long.Parse(second.Header("age")!, CultureInfo.InvariantCulture).ShouldBeInRange(0, 60);
        second.Body.ShouldBe(first.Body);
        second.Header("content-type").ShouldBe(first.Header("content-type"));
        upstream.Calls.Count.ShouldBe(1);
        await Until.TrueAsync(() => tenant.Records().Count == 2);
        var (made, given) = (tenant.Records().Single(r => !r.Cached), tenant.Records().Single(r => r.Cached));
        given.Id.ToString().ShouldBe(second.Header("x-request-id"));
        given.StartedAt.ShouldBeGreaterThanOrEqualTo(made.StartedAt);
        (given with
        {
            Id = made.Id,
            Sequence = made.Sequence,
            StartedAt = made.StartedAt,
            Cached = false,
            Tries = made.Tries,
            QueueMs = made.QueueMs,
            FirstTokenMs = made.FirstTokenMs,
            TotalMs = made.TotalMs,
        }).ShouldBe(made);
        (given.Tries, given.UsageSource, given.InputTokens).ShouldBe((0, UsageSources.Provider, stream ? 5 : 30));
    }

    [Fact]
    public async Task Nobody_has_a_cache_who_does_not_ask_for_one()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(upstream.Url);

        (await tenant.AskAsync(tenant.Body())).Header("x-gateway-cache").ShouldBeNull();
        (await tenant.AskAsync(tenant.Body())).Header("x-gateway-cache").ShouldBeNull();

        upstream.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Neither_tenants_nor_keys_share_an_answer()
    {
        var count = 0;
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Answer.Replace("é", $"{Interlocked.Increment(ref count)}", StringComparison.Ordinal)));
        });
        var (one, two) = (await TenantAsync(upstream), await TenantAsync(upstream));
        var another = ApiKeyFormat.Generate();
        one.PutKeys(one.KeyEntry(), one.KeyEntry(another));
        await world.Gateway.ReachAsync(world.Control);

        string[] texts =
        [
            (await one.AskAsync(one.Body())).Text, (await two.AskAsync(one.Body())).Text, (await one.AskAsync(one.Body(), apiKey: another)).Text,
        ];

        texts.Distinct().Count().ShouldBe(3);
        (await two.AskAsync(one.Body())).Text.ShouldBe(texts[1]);
        (await one.AskAsync(one.Body(), apiKey: another)).Text.ShouldBe(texts[2]);
        count.ShouldBe(3);
    }

    [Theory]
    [InlineData(60, 0, false)]
    [InlineData(null, 60, true)]
    [InlineData(0, 60, true)]
    [InlineData(60, null, true)]
    public async Task A_keys_own_word_counts_more_than_the_tenants(int? tenants, int? keys, bool cached)
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(d => d with { Traffic = new() { CacheSeconds = tenants } }, "vllm", upstream.Url);
        tenant.PutKeys(tenant.KeyEntry() with { CacheSeconds = keys });
        await world.Gateway.ReachAsync(world.Control);

        await tenant.AskAsync(tenant.Body());

        (await tenant.AskAsync(tenant.Body())).Header("x-gateway-cache").ShouldBe(cached ? "hit" : null);
    }

    [Fact]
    public async Task A_caller_may_ask_for_a_fresh_answer_or_for_none_to_be_kept()
    {
        var count = 0;
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Answer.Replace("é", $"{Interlocked.Increment(ref count)}", StringComparison.Ordinal)));
        });
        var tenant = await TenantAsync(upstream);

        var unkept = await tenant.AskAsync(tenant.Body(), headers: ("cache-control", "max-age=5, No-Store"));
        var first = await tenant.AskAsync(tenant.Body());
        var fresh = await tenant.AskAsync(tenant.Body(), headers: ("cache-control", "no-cache"));
        var last = await tenant.AskAsync(tenant.Body());

        string?[] results = [unkept.Header("x-gateway-cache"), first.Header("x-gateway-cache"), fresh.Header("x-gateway-cache"), last.Header("x-gateway-cache")];
        results.ShouldBe(["off", "miss", "miss", "hit"]);
        last.Text.ShouldBe(fresh.Text);
        fresh.Text.ShouldNotBe(first.Text);
    }

    [Fact]
    public async Task A_model_that_changed_gives_no_old_answer()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await TenantAsync(upstream);
        await tenant.AskAsync(tenant.Body());
        var model = world.Gateway.Snapshot!.Tenants[tenant.Id].Models.All.Single();
        (await tenant.AskAsync(tenant.Body())).Header("x-gateway-cache").ShouldBe("hit");

        tenant.Put(tenant.Document(model with { Targets = [model.Targets[0] with { UpstreamModel = "another" }] }) with { Traffic = new() { CacheSeconds = 60 } });
        await world.Gateway.ReachAsync(world.Control);

        (await tenant.AskAsync(tenant.Body())).Header("x-gateway-cache").ShouldBe("miss");
        tenant.PutPool(tenant.Pool("vllm", new Uri("http://127.0.0.1:9/")) with { Id = model.Targets[0].PoolId });
        await world.Gateway.ReachAsync(world.Control);
        (await tenant.AskAsync(tenant.Body())).Header("x-gateway-cache").ShouldBe("miss");
    }

    [Theory]
    [InlineData("accept", "text/event-stream")]
    [InlineData("anthropic-beta", "x")]
    [InlineData("anthropic-version", "2023-01-01")]
    [InlineData("openai-beta", "assistants=v2")]
    [InlineData("x-some-engines-switch", "on")]
    public async Task A_header_that_changes_answers_makes_it_another_request(string name, string value)
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await TenantAsync(upstream);
        await tenant.AskAsync(tenant.Body());

        (await tenant.AskAsync(tenant.Body(), headers: (name, value))).Header("x-gateway-cache").ShouldBe("miss");
        (await tenant.AskAsync(tenant.Body() + " ")).Header("x-gateway-cache").ShouldBe("miss");
        (await tenant.AskAsync(tenant.Body())).Header("x-gateway-cache").ShouldBe("hit");
    }

    [Theory]
    [InlineData("user-agent", "another/2.0")]
    [InlineData("x-stainless-retry-count", "1")]
    [InlineData("sec-fetch-mode", "cors")]
    [InlineData("x-client-request-id", "another")]
    [InlineData("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("x-forwarded-for", "192.0.2.1")]
    public async Task A_header_that_says_who_asks_or_does_not_go_on_changes_nothing(string name, string value)
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await TenantAsync(upstream);
        await tenant.AskAsync(tenant.Body());

        (await tenant.AskAsync(tenant.Body(), headers: (name, value))).Header("x-gateway-cache").ShouldBe("hit");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_a_cache_is_switched_off_its_answers_are_gone_also_when_it_comes_back(bool ofKey)
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await TenantAsync(upstream);
        var key = tenant.KeyEntry();
        tenant.PutKeys(key);
        await world.Gateway.ReachAsync(world.Control);
        var cache = world.Gateway.Services.GetRequiredService<ResponseCache>();
        var before = cache.Bytes;
        await tenant.AskAsync(tenant.Body());
        cache.Bytes.ShouldBeGreaterThan(before);

        await SwitchAsync(0);
        await Until.TrueAsync(() => cache.Bytes <= before);
        (await tenant.AskAsync(tenant.Body())).Header("x-gateway-cache").ShouldBeNull();
        await SwitchAsync(60);

        (await tenant.AskAsync(tenant.Body())).Header("x-gateway-cache").ShouldBe("miss");
        (await tenant.AskAsync(tenant.Body())).Header("x-gateway-cache").ShouldBe("hit");

        async Task SwitchAsync(int seconds)
        {
            if (ofKey)
                tenant.PutKeys(key with { CacheSeconds = seconds });
            else
                tenant.Put(tenant.Document([.. world.Gateway.Snapshot!.Tenants[tenant.Id].Models.All]) with { Traffic = new() { CacheSeconds = seconds } });
            await world.Gateway.ReachAsync(world.Control);
        }
    }

    [Theory]
    [InlineData(200, """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}""")]
    [InlineData(400, """{"error":{"message":"no","type":"invalid_request_error","param":null,"code":null}}""")]
    public async Task What_nobody_counted_or_what_is_no_answer_is_not_cached(int status, string body)
    {
        await using var upstream = await UpstreamStub.JsonAsync(body, status);
        var tenant = await TenantAsync(upstream);

        (await tenant.AskAsync(tenant.Body())).Status.ShouldBe(status);
        (await tenant.AskAsync(tenant.Body())).Header("x-gateway-cache").ShouldBe("miss");

        upstream.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Where_nothing_may_be_kept_there_is_no_cache_and_what_there_was_goes()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await TenantAsync(upstream);
        var cache = world.Gateway.Services.GetRequiredService<ResponseCache>();
        var before = cache.Bytes;
        await tenant.AskAsync(tenant.Body());
        cache.Bytes.ShouldBeGreaterThan(before);

        tenant.Put(tenant.Document([.. world.Gateway.Snapshot!.Tenants[tenant.Id].Models.All]) with
        {
            Traffic = new() { CacheSeconds = 60 },
            Isolation = new() { ZeroRetention = true },
        });
        await world.Gateway.ReachAsync(world.Control);

        await Until.TrueAsync(() => cache.Bytes == before);
        (await tenant.AskAsync(tenant.Body())).Header("x-gateway-cache").ShouldBeNull();
        (await tenant.AskAsync(tenant.Body())).Header("x-gateway-cache").ShouldBeNull();
        upstream.Calls.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("/v1/completions", "\"prompt\":\"a\"", true)]
    [InlineData("/v1/embeddings", "\"input\":\"a\"", true)]
    [InlineData("/v1/responses", "\"input\":\"a\"", true)]
    [InlineData("/v1/rerank", "\"query\":\"a\",\"documents\":[\"b\"]", true)]
    [InlineData("/v1/score", "\"text_1\":\"a\",\"text_2\":\"b\"", true)]
    [InlineData("/tokenize", "\"prompt\":\"a\"", false)]
    public async Task Operations_whose_answers_are_text_are_cached(string path, string members, bool cached)
    {
        await using var upstream = await UpstreamStub.JsonAsync("""{"object":"x","status":"completed","data":[],"usage":{"prompt_tokens":3,"total_tokens":3,"input_tokens":3,"output_tokens":0}}""");
        var tenant = await TenantAsync(upstream);
        var body = $$"""{"model":"{{tenant.Model}}",{{members}}}""";

        (await tenant.AskAsync(body, path: path)).Status.ShouldBe(200);
        var second = await tenant.AskAsync(body, path: path);

        second.Header("x-gateway-cache").ShouldBe(cached ? "hit" : "off");
        upstream.Calls.Count.ShouldBe(cached ? 1 : 2);
    }

    [Fact]
    public async Task An_answer_from_the_cache_is_given_again_to_the_same_idempotency_key_without_a_record()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await TenantAsync(upstream);
        await tenant.AskAsync(tenant.Body());

        var hit = await tenant.AskAsync(tenant.Body(), "k");
        var again = await tenant.AskAsync(tenant.Body(), "k");

        (hit.Header("x-gateway-cache"), again.Header("x-gateway-cache"), again.Header("idempotent-replayed")).ShouldBe(("hit", null, "true"));
        again.Body.ShouldBe(hit.Body);
        again.Header("age").ShouldBeNull();
        await Until.TrueAsync(() => tenant.Records().Count >= 2);
        tenant.Records().Count.ShouldBe(2);
    }

    private Task<TestTenant> TenantAsync(UpstreamStub upstream) =>
        world.TenantAsync(d => d with { Traffic = new() { CacheSeconds = 60 } }, "vllm", upstream.Url);
}
