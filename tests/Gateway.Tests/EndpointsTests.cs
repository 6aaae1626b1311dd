using System.Net;
using System.Text;
using System.Text.Json;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>Every operation through the real gateway: the bytes that go on, what comes back, what is counted.</summary>
public sealed class EndpointsTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    /// <summary>path, engine, body with MODEL, upstream's path and body with MODEL, answer, tokens in and out, operation</summary>
    public static TheoryData<string, string, string, string, string?, string, long, long, string> Operations => new()
    {
        {
            "/v1/completions", "vllm", """{"model":"MODEL","prompt":["a","b"],"n":2}""", "/v1/completions", null,
            """{"id":"cmpl","object":"text_completion","choices":[{"index":0,"text":"x","finish_reason":"length"}],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}""", 3, 4, "text_completion"
        },
        {
            "/v1/embeddings", "vllm", """{"input":[[1,2],[3]],"model":"MODEL","dimensions":8}""", "/v1/embeddings", null,
            """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,-2e-3]}],"model":"m","usage":{"prompt_tokens":3,"total_tokens":3}}""", 3, 0, "embeddings"
        },
        {
            "/v1/rerank", "vllm", """{"model":"MODEL","query":"q","documents":["a",{"text":"b"}],"top_n":1}""", "/v1/rerank", null,
            """{"id":"r","model":"m","usage":{"total_tokens":56},"results":[{"index":0,"document":{"text":"a"},"relevance_score":0.9}]}""", 56, 0, "rerank"
        },
        {
            "/v2/rerank", "vllm", """{"model":"MODEL","query":"q","documents":["a"]}""", "/v1/rerank", null,
            """{"id":"r","results":[],"usage":{"total_tokens":1}}""", 1, 0, "rerank"
        },
        {
            "/v1/score", "vllm", """{"model":"MODEL","text_1":"a","text_2":["b"]}""", "/score", null,
            """{"id":"s","object":"list","data":[{"index":0,"object":"score","score":1}],"usage":{"prompt_tokens":6,"total_tokens":6}}""", 6, 0, "score"
        },
        {
            "/v1/responses", "openai", """{"model":"MODEL","input":"hi","store":true}""", "/v1/responses", """{"model":"MODEL","input":"hi","store":false}""",
            """{"id":"resp","object":"response","status":"completed","error":null,"output":[],"usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":5},"output_tokens":9,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":29}}""", 20, 9, "responses"
        },
        {
            "/v1/responses", "openai", """{"input":[{"role":"user","content":"hi"}],"model":"MODEL"}""", "/v1/responses", """{"input":[{"role":"user","content":"hi"}],"model":"MODEL","store":false}""",
            """{"id":"resp","object":"response","status":"completed","error":null,"output":[],"usage":{"input_tokens":2,"output_tokens":0,"total_tokens":2}}""", 2, 0, "responses"
        },
        {
            "/v1/messages", "anthropic", """{"model":"MODEL","max_tokens":5,"system":"s","messages":[{"role":"user","content":"hi"}]}""", "/v1/messages", null,
            """{"id":"msg","type":"message","role":"assistant","content":[{"type":"text","text":"x"}],"stop_reason":"end_turn","usage":{"input_tokens":10,"cache_creation_input_tokens":2,"cache_read_input_tokens":30,"output_tokens":7}}""", 42, 7, "messages"
        },
        {
            "/v1/messages/count_tokens", "anthropic", """{"model":"MODEL","messages":[{"role":"user","content":"hi"}]}""", "/v1/messages/count_tokens", null,
            """{"input_tokens":12}""", 0, 0, "count_tokens"
        },
        {
            "/v1/moderations", "openai", """{"model":"MODEL","input":"12345678"}""", "/v1/moderations", null,
            """{"id":"modr","model":"m","results":[{"flagged":false}]}""", 3, 0, "moderation"
        },
        {
            "/v1/responses/input_tokens", "openai", """{"model":"MODEL","input":"hi","instructions":"x"}""", "/v1/responses/input_tokens", null,
            """{"object":"response.input_tokens","input_tokens":11}""", 0, 0, "count_input"
        },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task An_operation_goes_on_as_it_is_but_for_the_model_and_is_counted(
        string path, string engine, string body, string upstreamPath, string? upstreamBody, string answer, long input, long output, string operation)
    {
        await using var upstream = await UpstreamStub.JsonAsync(answer);
        var tenant = await TenantAsync(engine, upstream.Url);

        using var response = await SendAsync(tenant, path, body.Replace("MODEL", tenant.Model, StringComparison.Ordinal));

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Cancel));
        (await response.Content.ReadAsStringAsync(Cancel)).ShouldBe(answer);
        var call = upstream.Calls.ShouldHaveSingleItem();
        call.Path.ShouldBe(upstreamPath);
        call.Text.ShouldBe((upstreamBody ?? body).Replace("MODEL", "upstream-model", StringComparison.Ordinal));
        var record = await tenant.RecordAsync();
        (record.Operation, record.InputTokens, record.OutputTokens).ShouldBe((operation, input, output));
        (record.Status, record.ErrorCode, record.Streamed).ShouldBe((200, null, false));
    }

    [Theory]
    [InlineData("/v1/responses", """{"model":"M","input":"x","previous_response_id":"resp_1"}""", "previous_response_id")]
    [InlineData("/v1/responses", """{"model":"M","input":"x","background":true}""", "background")]
    [InlineData("/v1/responses/input_tokens", """{"model":"M","input":"x","previous_response_id":"resp_1"}""", "previous_response_id")]
    [InlineData("/v1/responses/input_tokens", """{"model":"M","input":[{"file_id":"file-1"}]}""", "file_id")]
    [InlineData("/v1/images/edits", """{"model":"M","prompt":"x","images":[{"file_id":"file-1"}]}""", "file_id")]
    [InlineData("/v1/audio/speech", """{"model":"M","input":"x","voice":{"id":"voice_1"}}""", "voice")]
    [InlineData("/v1/responses", """{"model":"M","input":"x","conversation":{"id":"c"}}""", "conversation")]
    [InlineData("/v1/responses", """{"model":"M","input":[{"role":"user","content":[{"type":"input_image","file_id":"file-1"}]}]}""", "file_id")]
    public async Task What_would_be_kept_upstream_is_refused(string path, string body, string param)
    {
        await using var upstream = await UpstreamStub.JsonAsync("{}");
        var tenant = await TenantAsync("openai", upstream.Url);

        using var response = await SendAsync(tenant, path, body.Replace("\"M\"", $"\"{tenant.Model}\"", StringComparison.Ordinal));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        var error = json.RootElement.GetProperty("error");
        (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()).ShouldBe(("unsupported_parameter", param));
        upstream.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/v1/embeddings", """{"model":"M"}""", "missing_required_parameter", "input")]
    [InlineData("/v1/embeddings", """{"model":"M","input":[]}""", "empty_array", "input")]
    [InlineData("/v1/embeddings", """{"model":"M","input":5}""", "invalid_type", "input")]
    [InlineData("/v1/embeddings", """{"input":"x"}""", "missing_required_parameter", "model")]
    [InlineData("/v1/embeddings", """{"model":"M","input":"x","inp\u0075t":"y"}""", "duplicate_member", "input")]
    [InlineData("/v1/embeddings", """{"model":["M"],"input":"x"}""", "invalid_type", "model")]
    [InlineData("/v1/embeddings", """{"model":"M","input":"x"} x""", "invalid_json", null)]
    [InlineData("/v1/embeddings", """{"model":"M","input":[[[[[""", "invalid_json", null)]
    [InlineData("/v1/completions", """{"model":"M","prompt":{}}""", "invalid_type", "prompt")]
    [InlineData("/v1/rerank", """{"model":"M","query":"x"}""", "missing_required_parameter", "documents")]
    [InlineData("/v1/responses", """{"model":"M","input":"x","stream":"yes"}""", "invalid_type", "stream")]
    [InlineData("/v1/responses", """{"model":"M","input":"x","store":false,"store":true}""", "duplicate_member", "store")]
    public async Task A_bad_body_is_refused_with_its_reason(string path, string body, string code, string? param)
    {
        await using var upstream = await UpstreamStub.JsonAsync("{}");
        var tenant = await TenantAsync("vllm", upstream.Url);

        using var response = await SendAsync(tenant, path, body.Replace("\"M\"", $"\"{tenant.Model}\"", StringComparison.Ordinal));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        var error = json.RootElement.GetProperty("error");
        (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()).ShouldBe((code, param));
        upstream.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_Anthropic_client_comes_with_its_own_key_header_and_the_provider_gets_ours()
    {
        await using var upstream = await UpstreamStub.JsonAsync("""{"id":"msg","type":"message","content":[],"usage":{"input_tokens":1,"output_tokens":1}}""");
        var tenant = await TenantAsync("anthropic", upstream.Url);
        using var request = Request(tenant, "/v1/messages", """{"model":"M","max_tokens":1,"messages":[{"role":"user","content":"x"}]}""".Replace("\"M\"", $"\"{tenant.Model}\"", StringComparison.Ordinal));
        request.Headers.Authorization = null;
        request.Headers.Add("x-api-key", tenant.Key);
        request.Headers.Add("anthropic-beta", "a-beta");

        using var response = await tenant.Gateway.Http.SendAsync(request, Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var sent = upstream.Calls.ShouldHaveSingleItem().Headers;
        sent.ContainsKey("authorization").ShouldBeFalse();
        sent.ContainsKey("x-api-key").ShouldBeFalse("the pool has no key");
        sent["anthropic-beta"].ShouldBe("a-beta");
    }

    [Fact]
    public async Task Two_keys_that_differ_are_no_key()
    {
        await using var upstream = await UpstreamStub.JsonAsync("{}");
        var tenant = await TenantAsync("vllm", upstream.Url);
        using var request = Request(tenant, "/v1/chat/completions", tenant.Body());
        request.Headers.Add("x-api-key", "sk-another");

        using var response = await tenant.Gateway.Http.SendAsync(request, Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("/v1/messages", "anthropic", 400, """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens > 8 maximum"}}""")]
    [InlineData("/v1/responses", "openai", 404, """{"error":{"message":"no","type":"invalid_request_error","param":null,"code":"model_not_found"}}""")]
    public async Task An_upstreams_refusal_in_the_callers_dialect_goes_on_as_it_is(string path, string engine, int status, string answer)
    {
        await using var upstream = await UpstreamStub.JsonAsync(answer, status);
        var tenant = await TenantAsync(engine, upstream.Url);

        using var response = await SendAsync(tenant, path, $$"""{"model":"{{tenant.Model}}","input":"x","max_tokens":1,"messages":[{}]}""");

        ((int)response.StatusCode).ShouldBe(status);
        (await response.Content.ReadAsStringAsync(Cancel)).ShouldBe(answer);
    }

    [Theory]
    [InlineData("/v1/messages", "anthropic", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\"")]
    [InlineData("/v1/responses", "openai", "event: error\ndata: {\"type\":\"error\",\"code\":\"upstream_failed\"")]
    [InlineData("/v1/completions", "vllm", "data: {\"error\":{\"message\"")]
    public async Task A_stream_that_breaks_ends_with_the_dialects_error(string path, string engine, string expected)
    {
        const string Begin = "event: ping\ndata: {\"type\":\"ping\"}\n\n";
        await using var upstream = await UpstreamStub.EventsAsync(Begin);
        var tenant = await TenantAsync(engine, upstream.Url);

        using var response = await SendAsync(tenant, path, $$"""{"model":"{{tenant.Model}}","input":"x",{{(path == "/v1/completions" ? "\"prompt\":\"x\"," : "")}}"max_tokens":1,"messages":[{}],"stream":true}""");
        var text = await response.Content.ReadAsStringAsync(Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        text.ShouldStartWith(Begin + expected);
        text.ShouldEndWith("\n\n");
        (await tenant.RecordAsync()).ErrorCode.ShouldBe("upstream_failed");
    }

    private async Task<TestTenant> TenantAsync(string engine, Uri upstream)
    {
        var tenant = new TestTenant(fixture.Control, fixture.Gateway);
        var pool = tenant.Pool(engine, upstream);
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pool));
        await fixture.Gateway.ReachAsync(fixture.Control);
        return tenant;
    }

    private static HttpRequestMessage Request(TestTenant tenant, string path, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", tenant.Key);
        return request;
    }

    private static async Task<HttpResponseMessage> SendAsync(TestTenant tenant, string path, string body)
    {
        using var request = Request(tenant, path, body);
        return await tenant.Gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }
}
