using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Ids;
using Platform.Contracts.Usage;
using Platform.Gateway.Idempotency;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>Requests that carry an <c>Idempotency-Key</c>, through the door.</summary>
public sealed class IdempotencyTests(GatewayFixture world) : IClassFixture<GatewayFixture>
{
    private const string Answer = """{"choices":[{"message":{"content":"é"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}""";
    private const string Events =
        "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"wörd\"}}]}\n\n"
        + "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7}}\n\ndata: [DONE]\n\n";

    private readonly string _key = Guid.NewGuid().ToString();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_repeat_gets_the_first_answer_and_neither_runs_nor_counts(bool stream)
    {
        await using var upstream = stream ? await UpstreamStub.EventsAsync(Events) : await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(upstream.Url);

        var first = await tenant.AskAsync(tenant.Body(stream), _key);
        var second = await tenant.AskAsync(tenant.Body(stream), _key);

        (first.Status, second.Status).ShouldBe((200, 200));
        second.Body.ShouldBe(first.Body);
        first.Text.ShouldContain(stream ? "data: [DONE]" : "\"completion_tokens\":2");
        (first.Header("idempotent-replayed"), second.Header("idempotent-replayed")).ShouldBe((null, "true"));
        second.Header("x-gateway-original-request-id").ShouldBe(first.Header("x-request-id"));
        second.Header("x-request-id").ShouldNotBe(first.Header("x-request-id"));
        second.Header("content-type").ShouldBe(first.Header("content-type"));
        second.Header("cache-control").ShouldBe(first.Header("cache-control"));
        upstream.Calls.ShouldHaveSingleItem().Headers.ShouldNotContainKey("idempotency-key");
        (await tenant.RecordAsync()).Id.ToString().ShouldBe(first.Header("x-request-id"));
    }

    [Theory]
    [InlineData("/v1/chat/completions", "vllm")]
    [InlineData("/v1/messages", "anthropic")]
    public async Task Another_body_under_the_same_key_is_refused_in_the_callers_dialect(string path, string engine)
    {
        await using var upstream = await UpstreamStub.JsonAsync(
            engine == "vllm" ? Answer : """{"type":"message","content":[],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":2}}""");
        var tenant = await world.TenantAsync(engine, upstream.Url);
        var body = tenant.Body().Insert(1, "\"max_tokens\":5,");
        (await tenant.AskAsync(body, _key, path)).Status.ShouldBe(200);

        var other = await tenant.AskAsync(body.Replace("hello", "hallo", StringComparison.Ordinal), _key, path);

        other.Status.ShouldBe(400);
        using var error = JsonDocument.Parse(other.Body);
        if (engine == "vllm")
            error.RootElement.GetProperty("error").GetProperty("code").GetString().ShouldBe("idempotency_key_reuse");
        else
            error.RootElement.GetProperty("error").GetProperty("type").GetString().ShouldBe("invalid_request_error");
        other.Header("x-gateway-reason").ShouldBe("caller");
        upstream.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Of_a_hundred_at_once_one_runs()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(upstream.Url);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => tenant.AskAsync(tenant.Body(), _key)));

        upstream.Calls.Count.ShouldBe(1);
        answers.ShouldAllBe(a => a.Status == 200 || (a.Status == 409 && a.Header("retry-after") == "1"));
        answers.Count(a => a.Status == 200 && a.Header("idempotent-replayed") is null).ShouldBe(1);
        answers.Where(a => a.Status == 200).ShouldAllBe(a => a.Text == Answer);
        (await tenant.AskAsync(tenant.Body(), _key)).Header("idempotent-replayed").ShouldBe("true");
        (await tenant.RecordAsync()).Status.ShouldBe(200);
    }

    [Fact]
    public async Task While_the_first_runs_a_repeat_is_told_to_come_again()
    {
        var more = new TaskCompletionSource();
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await more.Task;
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Answer));
        });
        var tenant = await world.TenantAsync(upstream.Url);
        var first = tenant.AskAsync(tenant.Body(), _key);
        await Until.TrueAsync(() => upstream.Calls.Count == 1);

        var early = await tenant.AskAsync(tenant.Body(), _key);
        var other = await tenant.AskAsync(tenant.Body(stream: true), _key);
        more.SetResult();

        (early.Status, early.Header("retry-after")).ShouldBe((409, "1"));
        early.Text.ShouldContain("\"code\":\"idempotency_in_progress\"");
        other.Text.ShouldContain("\"code\":\"idempotency_key_reuse\"");
        (await first).Text.ShouldBe(Answer);
        (await tenant.AskAsync(tenant.Body(), _key)).Text.ShouldBe(Answer);
        upstream.Calls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"no","type":"invalid_request_error","param":null,"code":null}}""", 1)]
    [InlineData(422, "not json", 1)]
    [InlineData(500, "{}", 2)]
    [InlineData(503, "{}", 2)]
    [InlineData(429, "{}", 2)]
    public async Task A_refusal_is_given_again_and_a_failure_is_not(int status, string body, int calls)
    {
        await using var upstream = await UpstreamStub.JsonAsync(body, status);
        var tenant = await world.TenantAsync(upstream.Url);

        var first = await tenant.AskAsync(tenant.Body(), _key);
        if (calls == 2)
            await Until.TrueAsync(() => !world.Gateway.Services.GetRequiredService<Routing.EndpointStates>().Look(Endpoint(tenant)).Penalised);
        var second = await tenant.AskAsync(tenant.Body(), _key);

        first.Status.ShouldBeGreaterThanOrEqualTo(400);
        second.Header("idempotent-replayed").ShouldBe(calls == 1 ? "true" : null);
        if (calls == 1)
            (second.Status, second.Text, second.Header("x-gateway-reason")).ShouldBe((first.Status, first.Text, "upstream"));
        upstream.Calls.Count.ShouldBe(calls);
    }

    [Fact]
    public async Task What_was_refused_before_it_ran_runs_when_it_is_right()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(upstream.Url);
        (await tenant.AskAsync(tenant.Body().Replace(tenant.Model, "unknown", StringComparison.Ordinal), _key)).Status.ShouldBe(404);

        (await tenant.AskAsync(tenant.Body(), _key)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_stream_that_was_cut_is_not_kept()
    {
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Events[..70]));
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        var tenant = await world.TenantAsync(upstream.Url, upstream.Url);

        (await tenant.AskAsync(tenant.Body(stream: true), _key)).Header("idempotent-replayed").ShouldBeNull();
        (await tenant.AskAsync(tenant.Body(stream: true), _key)).Header("idempotent-replayed").ShouldBeNull();

        upstream.Calls.Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_caller_that_left_finds_the_answer_when_it_comes_back()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await answer.Task.WaitAsync(context.RequestAborted);
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Answer));
        });
        var tenant = await world.TenantAsync(upstream.Url);
        using var request = tenant.Request(tenant.Body());
        request.Headers.Add("Idempotency-Key", _key);
        using var leave = new CancellationTokenSource();
        var first = world.Gateway.Http.SendAsync(request, leave.Token);
        await Until.TrueAsync(() => upstream.Calls.Count == 1);

        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        (await tenant.AskAsync(tenant.Body(), _key)).Status.ShouldBe(409);
        answer.SetResult();

        WholeAnswer? second = null;
        await Until.TrueAsync(async () => (second = await tenant.AskAsync(tenant.Body(), _key)).Status != 409);
        (second!.Status, second.Header("idempotent-replayed")).ShouldBe((200, "true"));
        upstream.Calls.Count.ShouldBe(1);
        (await tenant.RecordAsync()).UsageSource.ShouldBe(UsageSources.Provider);
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
        var (one, two) = (await world.TenantAsync(upstream.Url), await world.TenantAsync(upstream.Url));
        var another = ApiKeyFormat.Generate();
        one.PutKeys(one.KeyEntry(), one.KeyEntry(another));
        await world.Gateway.ReachAsync(world.Control);

        string[] texts =
        [
            (await one.AskAsync(one.Body(), _key)).Text,
            (await two.AskAsync(one.Body(), _key)).Text,
            (await one.AskAsync(one.Body(), _key, apiKey: another)).Text,
            (await one.AskAsync(one.Body(), _key, "/v1/completions")).Text,
        ];

        texts.Take(3).Distinct().Count().ShouldBe(3);
        (await two.AskAsync(one.Body(), _key)).Text.ShouldBe(texts[1]);
        count.ShouldBe(3); // a completion without a prompt is refused before it runs
    }

    [Fact]
    public async Task Who_may_not_ask_any_more_gets_no_old_answer()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(upstream.Url);
        (await tenant.AskAsync(tenant.Body(), _key)).Status.ShouldBe(200);

        tenant.Put(suspended: false);
        await world.Gateway.ReachAsync(world.Control);
        (await tenant.AskAsync(tenant.Body(), _key)).Text.ShouldContain("model_not_found");
        tenant.Put(suspended: true);
        await world.Gateway.ReachAsync(world.Control);
        (await tenant.AskAsync(tenant.Body(), _key)).Text.ShouldContain("tenant_suspended");
    }

    [Fact]
    public async Task Where_nothing_may_be_kept_a_repeat_neither_runs_nor_gets_an_answer()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(d => d with { Isolation = new() { ZeroRetention = true } }, "vllm", upstream.Url);
        var before = Store.Bytes;

        var first = await tenant.AskAsync(tenant.Body(), _key);
        var second = await tenant.AskAsync(tenant.Body(), _key);

        (first.Status, first.Header("x-gateway-idempotency")).ShouldBe((200, "unkept"));
        second.Status.ShouldBe(410);
        second.Text.ShouldContain("\"code\":\"idempotency_answer_gone\"");
        upstream.Calls.Count.ShouldBe(1);
        Store.Bytes.ShouldBe(before);
    }

    [Fact]
    public async Task What_was_kept_goes_at_once_when_nothing_may_be_kept_any_more()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(upstream.Url);
        var before = Store.Bytes;
        (await tenant.AskAsync(tenant.Body(), _key)).Status.ShouldBe(200);
        Store.Bytes.ShouldBeGreaterThan(before);

        tenant.Put(tenant.Document([.. world.Gateway.Snapshot!.Tenants[tenant.Id].Models.All]) with { Isolation = new() { ZeroRetention = true } });
        await world.Gateway.ReachAsync(world.Control);

        await Until.TrueAsync(() => Store.Bytes == before);
        (await tenant.AskAsync(tenant.Body(), _key)).Status.ShouldBe(410);
    }

    [Fact]
    public async Task Where_the_tenant_has_none_a_key_means_nothing_and_the_answer_says_so()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(d => d with { Traffic = new() { IdempotencySeconds = 0 } }, "vllm", upstream.Url);

        (await tenant.AskAsync(tenant.Body(), _key)).Header("x-gateway-idempotency").ShouldBe("off");
        (await tenant.AskAsync(tenant.Body(), _key)).Header("idempotent-replayed").ShouldBeNull();

        upstream.Calls.Count.ShouldBe(2);
    }

    private IdempotencyStore Store => world.Gateway.Services.GetRequiredService<IdempotencyStore>();

    private EndpointId Endpoint(TestTenant tenant) =>
        world.Gateway.Snapshot!.Pools[world.Gateway.Snapshot.Tenants[tenant.Id].Models.All.Single().Targets[0].PoolId].Endpoints[0].Id;
}
