using System.Net;
using System.Text.Json;
using Platform.Contracts.Configuration;
using Platform.Contracts.Usage;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

public sealed class ChatPlainTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Answer =
        """{ "id":"x", "choices":[{"index":0,"message":{"role":"assistant","content":"héllo \u00e9"},"finish_reason":"stop"}] , "usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":1}}, "extra" : 1 }""";

    [Fact]
    public async Task An_answer_comes_back_byte_for_byte_and_leaves_one_record()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync(upstream.Url);

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(Answer);
        response.Content.Headers.ContentType!.ToString().ShouldBe("application/json");
        var record = tenant.Records().ShouldHaveSingleItem();
        record.Id.ToString().ShouldBe(response.Headers.GetValues("x-request-id").Single());
        (record.InputTokens, record.CachedInputTokens, record.OutputTokens, record.ReasoningTokens).ShouldBe((7, 4, 3, 1));
        (record.Status, record.UsageSource, record.FinishReason, record.Tries, record.Streamed).ShouldBe((200, UsageSources.Provider, "stop", 1, false));
        (record.ModelAsked, record.ModelServed).ShouldBe((tenant.Model, "upstream-model"));
        record.TotalMs.ShouldBeGreaterThan(0);
        record.FirstTokenMs.ShouldNotBeNull();
    }

    [Fact]
    public async Task Only_the_model_changes_on_the_way_up()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync(upstream.Url);

        using var response = await tenant.PostAsync($$"""{ "x": [1, 2.50],  "model" : "{{tenant.Model}}" ,"messages":[{"role":"user","content":"h\u00e9"}], "stream": false }""");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        upstream.Calls.Single().Text.ShouldBe("""{ "x": [1, 2.50],  "model" : "upstream-model" ,"messages":[{"role":"user","content":"h\u00e9"}], "stream": false }""");
        upstream.Calls.Single().Path.ShouldBe("/v1/chat/completions");
    }

    [Fact]
    public async Task Headers_of_trust_and_credentials_stay_here_and_ours_go_up()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync(upstream.Url);
        var request = tenant.Request(tenant.Body());
        foreach (var name in (string[])["X-Forwarded-For", "Forwarded", "X-Gateway-Endpoint", "Cookie", "X-Request-Id", "X-Named", "Api-Key", "Idempotency-Key", "Accept-Encoding", "TE"])
            request.Headers.TryAddWithoutValidation(name, "gzip");
        request.Headers.TryAddWithoutValidation("Connection", "X-Named");
        request.Headers.TryAddWithoutValidation("X-Stainless-Lang", "csharp");

        using var response = await fixture.Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);

        var headers = upstream.Calls.Single().Headers;
        foreach (var name in (string[])["X-Forwarded-For", "Forwarded", "X-Gateway-Endpoint", "Cookie", "X-Named", "Api-Key", "Idempotency-Key", "Accept-Encoding", "TE", "Authorization"])
            headers.ContainsKey(name).ShouldBeFalse(name);
        headers["X-Stainless-Lang"].ShouldBe("csharp");
        headers["x-request-id"].ShouldBe(response.Headers.GetValues("x-request-id").Single());
        headers["Host"].ShouldBe(upstream.Url.Authority);
    }

    [Fact]
    public async Task A_pools_own_key_goes_up_and_an_endpoints_path_is_kept()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = new TestTenant(fixture.Control, fixture.Gateway);
        var pool = tenant.Pool("openai", new Uri(upstream.Url, "/base/"));
        pool = pool with { ProviderKey = fixture.Control.Seal("provider-secret", tenant.Id, SealedSecret.ProviderKeyKind, pool.Id.ToString()) };
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pool));
        await fixture.Gateway.ReachAsync(fixture.Control);

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        upstream.Calls.Single().Headers["Authorization"].ShouldBe("Bearer provider-secret");
        upstream.Calls.Single().Path.ShouldBe("/base/v1/chat/completions");
    }

    [Fact]
    public async Task Headers_of_the_upstream_do_not_all_come_back()
    {
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            context.Response.Headers["x-request-id"] = "theirs";
            context.Response.Headers["x-gateway-reason"] = "theirs";
            context.Response.Headers.SetCookie = "a=b";
            context.Response.Headers.Server = "theirs";
            context.Response.Headers["openai-processing-ms"] = "123456";
            context.Response.Headers["openai-version"] = "2020-10-01";
            context.Response.Headers["openai-organization"] = "theirs";
            context.Response.Headers["x-ratelimit-limit-requests"] = "1";
            context.Response.Headers["anthropic-ratelimit-requests-limit"] = "1";
            context.Response.Headers["retry-after"] = "1";
            context.Response.Headers["x-should-retry"] = "true";
            context.Response.Headers["x-gateway-model"] = "theirs";
            context.Response.Headers.Via = "theirs";
            context.Response.Headers.AccessControlAllowOrigin = "*";
            context.Response.Headers.StrictTransportSecurity = "max-age=1";
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync("{}"u8.ToArray());
        });
        var tenant = await fixture.TenantAsync(upstream.Url);

        using var response = await tenant.PostAsync(tenant.Body());

        response.Headers.GetValues("x-request-id").Single().ShouldNotBe("theirs");
        response.Headers.Contains("x-gateway-reason").ShouldBeFalse();
        response.Headers.Contains("Set-Cookie").ShouldBeFalse();
        response.Headers.Contains("Server").ShouldBeFalse();
        response.Headers.GetValues("openai-processing-ms").Single().ShouldNotBe("123456");
        response.Headers.GetValues("openai-version").Single().ShouldBe("2020-10-01");
        response.Headers.GetValues("x-gateway-model").Single().ShouldBe(tenant.Model);
        response.Headers.Select(h => h.Key.ToLowerInvariant()).ShouldBe(
            ["date", "openai-organization", "openai-processing-ms", "openai-version", "x-gateway-endpoint", "x-gateway-model", "x-request-id"], ignoreOrder: true);
    }

    [Fact]
    public async Task An_answer_without_usage_is_estimated_and_an_explicit_zero_is_a_zero()
    {
        await using var silent = await UpstreamStub.JsonAsync("""{"choices":[{"message":{"content":"12345678"},"finish_reason":"length"}]}""");
        await using var zero = await UpstreamStub.JsonAsync("""{"choices":[{"message":{"content":"12345678"}}],"usage":{"prompt_tokens":0,"completion_tokens":0}}""");
        var first = await fixture.TenantAsync(silent.Url);
        var second = await fixture.TenantAsync(zero.Url);

        (await first.PostAsync(first.Body())).Dispose();
        (await second.PostAsync(second.Body())).Dispose();

        var estimated = await first.RecordAsync();
        (estimated.UsageSource, estimated.OutputTokens, estimated.FinishReason).ShouldBe((UsageSources.Estimated, 2, "length"));
        estimated.InputTokens.ShouldBeGreaterThan(0);
        var counted = await second.RecordAsync();
        (counted.UsageSource, counted.InputTokens, counted.OutputTokens).ShouldBe((UsageSources.Provider, 0, 0));
    }

    [Fact]
    public async Task A_refusal_of_the_upstream_is_the_callers()
    {
        const string Refusal = """{"error":{"message":"too long","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""";
        await using var upstream = await UpstreamStub.JsonAsync(Refusal, 400);
        var tenant = await fixture.TenantAsync(upstream.Url, upstream.Url);

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(Refusal);
        response.Headers.GetValues("x-gateway-reason").Single().ShouldBe("upstream");
        upstream.Calls.Count.ShouldBe(1);
        var record = await tenant.RecordAsync();
        (record.Status, record.InputTokens, record.OutputTokens, record.ErrorCode).ShouldBe((400, 0, 0, "upstream_rejected"));
    }

    [Theory]
    [InlineData(422, "text/html", "<html>secret 10.0.0.1</html>", 422, "upstream_rejected")]
    [InlineData(401, "application/json", """{"error":{"message":"key sk-abc is wrong"}}""", 502, "upstream_unauthorized")]
    [InlineData(500, "application/json", """{"error":{"message":"stack trace"}}""", 502, "upstream_failed")]
    [InlineData(302, "text/plain", "elsewhere", 502, "upstream_failed")]
    [InlineData(200, "text/html", "<html>secret 10.0.0.1</html>", 502, "upstream_failed")]
    [InlineData(200, "application/json", "{\"choices\":[{\"message\":{\"content\":\"stack", 502, "upstream_failed")]
    [InlineData(200, "application/json", "", 502, "upstream_failed")]
    public async Task Any_other_failure_of_the_upstream_gets_words_of_ours(int status, string type, string body, int expected, string code)
    {
        await using var upstream = await UpstreamStub.StartAsync(status, type, body);
        var tenant = await fixture.TenantAsync(upstream.Url, upstream.Url);

        using var response = await tenant.PostAsync(tenant.Body());

        ((int)response.StatusCode).ShouldBe(expected);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var error = JsonDocument.Parse(text);
        error.RootElement.GetProperty("error").GetProperty("code").GetString().ShouldBe(code);
        error.RootElement.GetProperty("error").EnumerateObject().Select(p => p.Name).ShouldBe(["message", "type", "param", "code"]);
        text.ShouldNotContain("secret");
        text.ShouldNotContain("stack");
        text.ShouldNotContain("sk-abc");
        upstream.Calls.Count.ShouldBe(1);
        var record = await tenant.RecordAsync();
        (record.Status, record.InputTokens, record.OutputTokens).ShouldBe((expected, 0, 0));
    }
}
