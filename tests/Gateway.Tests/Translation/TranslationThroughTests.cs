using System.Net;
using System.Text.Json;
using Platform.Contracts.Usage;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests.Translation;

/// <summary>Anthropic's clients at engines that speak chat completions, and OpenAI's at Anthropic, through the real gateway.</summary>
public sealed class TranslationThroughTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Message = """{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[{"type":"text","text":"héllo"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":4,"cache_read_input_tokens":30,"output_tokens":7}}""";

    private const string MessageEvents =
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"claude\",\"content\":[],\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":4,\"cache_read_input_tokens\":30,\"output_tokens\":1}}}\n\n"
        + "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
        + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"héllo\"}}\n\n";

    private const string MessageEventsEnd =
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":7}}\n\n"
        + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    private const string Completion = """{"id":"c1","object":"chat.completion","created":1,"model":"m","system_fingerprint":"f","choices":[{"index":0,"message":{"role":"assistant","content":"héllo"},"finish_reason":"stop"}],"usage":{"prompt_tokens":44,"completion_tokens":7,"total_tokens":51,"prompt_tokens_details":{"cached_tokens":30,"cache_write_tokens":4}}}""";

    private const string Chunks =
        "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}],\"usage\":{\"prompt_tokens\":44,\"completion_tokens\":0,\"total_tokens\":44}}\n\n"
        + "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"héllo\"},\"finish_reason\":null}],\"usage\":{\"prompt_tokens\":44,\"completion_tokens\":2,\"total_tokens\":46}}\n\n";

    private const string ChunksEnd =
        "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null}\n\n"
        + "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":44,\"completion_tokens\":7,\"total_tokens\":51,\"prompt_tokens_details\":{\"cached_tokens\":30,\"cache_write_tokens\":4}}}\n\n"
        + "data: [DONE]\n\n";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_Anthropic_request_is_served_by_a_vllm_pool()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Completion);
        var tenant = await fixture.TenantAsync("vllm", upstream.Url);

        using var response = await AskMessageAsync(tenant, ",\"speed\":\"fast\"");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("x-gateway-dropped").ShouldBe(["speed,system_fingerprint"]);
        var body = await response.Content.ReadAsByteArrayAsync(Cancel);
        response.Content.Headers.ContentLength.ShouldBe(body.Length);
        System.Text.Encoding.UTF8.GetString(body).ShouldBeJson("""{"id":"c1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"héllo"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":4,"cache_read_input_tokens":30,"output_tokens":7}}""");
        var call = upstream.Calls.ShouldHaveSingleItem();
        call.Path.ShouldBe("/v1/chat/completions");
        call.Text.ShouldBeJson("""{"model":"upstream-model","max_tokens":5,"messages":[{"role":"system","content":"s"},{"role":"user","content":"hi"}]}""");
        ShouldBeCounted(await tenant.RecordAsync(), "messages", streamed: false, "stop");
    }

    [Fact]
    public async Task An_OpenAI_request_is_served_by_an_Anthropic_pool()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Message);
        var tenant = await fixture.TenantAsync("anthropic", upstream.Url);

        using var response = await tenant.PostAsync(tenant.Body().Replace("}]", "}],\"seed\":1", StringComparison.Ordinal));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("x-gateway-dropped").ShouldBe(["seed"]);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        json.RootElement.GetProperty("object").GetString().ShouldBe("chat.completion");
        json.RootElement.GetProperty("created").GetInt64().ShouldBeGreaterThan(1_700_000_000);
        json.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldBe("héllo");
        json.RootElement.GetProperty("usage").GetProperty("prompt_tokens").GetInt64().ShouldBe(44);
        var call = upstream.Calls.ShouldHaveSingleItem();
        call.Path.ShouldBe("/v1/messages");
        call.Text.ShouldBeJson("""{"model":"upstream-model","max_tokens":4096,"messages":[{"role":"user","content":[{"type":"text","text":"hello"}]}]}""");
        ShouldBeCounted(await tenant.RecordAsync(), "chat", streamed: false, "end_turn");
    }

    [Fact]
    public async Task An_Anthropic_stream_comes_from_a_vllm_pool()
    {
        await using var upstream = await UpstreamStub.EventsAsync(Chunks + ChunksEnd);
        var tenant = await fixture.TenantAsync("vllm", upstream.Url);

        using var response = await AskMessageAsync(tenant, ",\"stream\":true");
        var text = await response.Content.ReadAsStringAsync(Cancel);

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var events = Streams.Data(text);
        events.Select(e => (string?)e["type"]).ShouldBe(["message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop"]);
        ((long)events[0]["message"]!["usage"]!["input_tokens"]!).ShouldBe(44);
        Streams.Joined(events, "text").ShouldBe("héllo");
        ((long)events[^2]["usage"]!["input_tokens"]!).ShouldBe(10);
        ((long)events[^2]["usage"]!["output_tokens"]!).ShouldBe(7);
        upstream.Calls.Single().Text.ShouldContain("\"continuous_usage_stats\":true");
        ShouldBeCounted(await tenant.RecordAsync(), "messages", streamed: true, "stop");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_OpenAI_stream_comes_from_an_Anthropic_pool(bool includeUsage)
    {
        await using var upstream = await UpstreamStub.EventsAsync(MessageEvents + MessageEventsEnd);
        var tenant = await fixture.TenantAsync("anthropic", upstream.Url);

        using var response = await tenant.PostAsync(tenant.Body(stream: true, options: includeUsage ? "{\"include_usage\":true}" : null));
        var text = await response.Content.ReadAsStringAsync(Cancel);

        text.ShouldEndWith("data: [DONE]\n\n");
        var chunks = Streams.Data(text);
        chunks.Count.ShouldBe(includeUsage ? 4 : 3);
        string.Concat(chunks.Take(3).Select(c => (string?)c["choices"]![0]!["delta"]!["content"])).ShouldBe("héllo");
        ((long?)chunks[^1]["usage"]?["prompt_tokens"]).ShouldBe(includeUsage ? 44 : null);
        chunks.Select(c => (string?)c["id"]).ShouldAllBe(id => id == "msg_1");
        ShouldBeCounted(await tenant.RecordAsync(), "chat", streamed: true, "end_turn");
    }

    [Fact]
    public async Task A_stream_that_breaks_ends_with_the_callers_error_and_counts_what_there_was()
    {
        await using var upstream = await UpstreamStub.EventsAsync(Chunks);
        var tenant = await fixture.TenantAsync("vllm", upstream.Url);

        using var response = await AskMessageAsync(tenant, ",\"stream\":true");
        var events = Streams.Data(await response.Content.ReadAsStringAsync(Cancel));

        ((string?)events[^1]["error"]!["type"]).ShouldBe("api_error");
        var record = await tenant.RecordAsync();
        (record.ErrorCode, record.UsageSource, record.InputTokens, record.OutputTokens).ShouldBe(("upstream_failed", UsageSources.Partial, 44, 2));
    }

    [Theory]
    [InlineData("vllm", 400, """{"error":{"message":"This model's maximum context length is 8 tokens.","type":"BadRequestError","param":null,"code":400}}""", "invalid_request_error", "This model's maximum context length is 8 tokens.")]
    [InlineData("vllm", 404, """{"object":"error","message":"no such model","type":"NotFoundError","code":404}""", "not_found_error", "no such model")]
    [InlineData("vllm", 422, "<html>", "invalid_request_error", "The model server rejected the request.")]
    public async Task An_engines_refusal_is_said_in_Anthropics_words(string engine, int status, string answer, string type, string message)
    {
        await using var upstream = await UpstreamStub.JsonAsync(answer, status);
        var tenant = await fixture.TenantAsync(engine, upstream.Url);

        using var response = await AskMessageAsync(tenant, "");

        ((int)response.StatusCode).ShouldBe(status);
        response.Headers.GetValues("x-gateway-reason").ShouldBe(["upstream"]);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        json.RootElement.GetProperty("type").GetString().ShouldBe("error");
        var error = json.RootElement.GetProperty("error");
        (error.GetProperty("type").GetString(), error.GetProperty("message").GetString()).ShouldBe((type, message));
        (await tenant.RecordAsync()).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData(400, "invalid_request_error", "prompt is too long: 9 tokens > 8 maximum", 400, "context_length_exceeded")]
    [InlineData(413, "request_too_large", "too large", 413, "upstream_rejected")]
    [InlineData(529, "overloaded_error", "Overloaded", 503, "server_is_overloaded")]
    public async Task Anthropics_refusal_is_said_in_OpenAIs_words(int status, string type, string message, int expected, string code)
    {
        await using var upstream = await UpstreamStub.JsonAsync($$$"""{"type":"error","error":{"type":"{{{type}}}","message":"{{{message}}}"}}""", status);
        var tenant = await fixture.TenantAsync("anthropic", upstream.Url);

        using var response = await tenant.PostAsync(tenant.Body());

        ((int)response.StatusCode).ShouldBe(expected);
        (await Errors.CodeAsync(response)).Item2.ShouldBe(code);
        (await tenant.RecordAsync()).Status.ShouldBe(expected);
    }

    [Fact]
    public async Task Anthropics_clients_see_its_own_overload()
    {
        await using var upstream = await UpstreamStub.JsonAsync("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", 529);
        var tenant = await fixture.TenantAsync("anthropic", upstream.Url);

        using var response = await AskMessageAsync(tenant, "");

        ((int)response.StatusCode).ShouldBe(529);
        (await response.Content.ReadAsStringAsync(Cancel)).ShouldContain("overloaded_error");
    }

    [Fact]
    public async Task What_cannot_be_said_there_is_refused_and_never_sent()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Message);
        var tenant = await fixture.TenantAsync("anthropic", upstream.Url);

        using var response = await tenant.PostAsync(tenant.Body().Replace("}]", "}],\"n\":2", StringComparison.Ordinal));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Errors.CodeAsync(response)).ShouldBe(("invalid_request_error", "unsupported_parameter"));
        upstream.Calls.ShouldBeEmpty();
        tenant.Records().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_cannot_be_said_to_one_pool_is_said_to_the_next()
    {
        await using var anthropic = await UpstreamStub.JsonAsync(Message);
        await using var vllm = await UpstreamStub.JsonAsync(Completion);
        var tenant = new TestTenant(fixture.Control, fixture.Gateway);
        var pools = new[] { tenant.Pool("anthropic", anthropic.Url), tenant.Pool("vllm", vllm.Url) };
        foreach (var pool in pools)
            tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pools));
        await fixture.Gateway.ReachAsync(fixture.Control);

        using var response = await tenant.PostAsync(tenant.Body().Replace("}]", "}],\"n\":2", StringComparison.Ordinal));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync(Cancel)).ShouldBe(Completion);
        anthropic.Calls.ShouldBeEmpty();
        (await tenant.RecordAsync()).Tries.ShouldBe(1);
    }

    [Fact]
    public async Task A_fault_of_a_pool_that_was_asked_says_more_than_a_pool_that_could_not_be()
    {
        await using var vllm = await UpstreamStub.JsonAsync("{}", 503);
        await using var anthropic = await UpstreamStub.JsonAsync(Message);
        var tenant = new TestTenant(fixture.Control, fixture.Gateway);
        var pools = new[] { tenant.Pool("vllm", vllm.Url), tenant.Pool("anthropic", anthropic.Url, new("http://127.0.0.1:9")) };
        foreach (var pool in pools)
            tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pools));
        await fixture.Gateway.ReachAsync(fixture.Control);

        using var response = await tenant.PostAsync(tenant.Body().Replace("}]", "}],\"n\":2", StringComparison.Ordinal));

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        anthropic.Calls.ShouldBeEmpty();
        (await tenant.RecordAsync()).Tries.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_in_no_dialect_is_the_endpoints_failure()
    {
        await using var upstream = await UpstreamStub.JsonAsync("{\"hello\":1}");
        var tenant = await fixture.TenantAsync("anthropic", upstream.Url);

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await tenant.RecordAsync()).ErrorCode.ShouldBe("upstream_failed");
    }

    [Fact]
    public async Task The_length_of_a_prompt_is_asked_of_vllms_tokenizer()
    {
        await using var upstream = await UpstreamStub.JsonAsync("""{"count":12,"max_model_len":4096,"tokens":[1,2]}""");
        var tenant = await fixture.TenantAsync("vllm", upstream.Url);

        using var request = tenant.Request($$"""{"model":"{{tenant.Model}}","system":"s","messages":[{"role":"user","content":"hi"}],"tool_choice":{"type":"auto"} }""");
        request.RequestUri = new("/v1/messages/count_tokens", UriKind.Relative);
        using var response = await fixture.Gateway.Http.SendAsync(request, Cancel);

        (await response.Content.ReadAsStringAsync(Cancel)).ShouldBe("""{"input_tokens":12}""");
        response.Headers.GetValues("x-gateway-dropped").ShouldBe(["tool_choice"]);
        var call = upstream.Calls.ShouldHaveSingleItem();
        call.Path.ShouldBe("/tokenize");
        call.Text.ShouldBeJson("""{"model":"upstream-model","messages":[{"role":"system","content":"s"},{"role":"user","content":"hi"}]}""");
        (await tenant.RecordAsync()).InputTokens.ShouldBe(0);
    }

    private static void ShouldBeCounted(UsageRecord record, string operation, bool streamed, string finish)
    {
        (record.Operation, record.Streamed, record.Status, record.ErrorCode, record.FinishReason).ShouldBe((operation, streamed, 200, null, finish));
        (record.InputTokens, record.CachedInputTokens, record.CacheWriteTokens, record.OutputTokens, record.UsageSource).ShouldBe((44, 30, 4, 7, UsageSources.Provider));
    }

    private static async Task<HttpResponseMessage> AskMessageAsync(TestTenant tenant, string more)
    {
        using var request = tenant.Request($$"""{"model":"{{tenant.Model}}","max_tokens":5,"system":"s","messages":[{"role":"user","content":"hi"}]{{more}} }""");
        request.RequestUri = new("/v1/messages", UriKind.Relative);
        return await tenant.Gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }
}
