using System.Net;
using System.Text;
using System.Text.Json;
using Platform.Contracts.Configuration;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>An engine of a version that lacks what its kind serves, and pools that serve a part only.</summary>
public sealed class UnservedPathTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Embedding = """{"object":"list","data":[],"model":"m","usage":{"prompt_tokens":3,"total_tokens":3}}""";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(404, """{"detail":"Not Found"}""", true)]
    [InlineData(404, """{"error":{"message":"Not Found","type":"Not Found","param":null,"code":404}}""", true)]
    [InlineData(404, """{"error":{"code":404,"message":"File Not Found","type":"not_found_error"}}""", true)]
    [InlineData(404, """{"error":{"message":"Invalid URL (POST /v1/x)","type":"invalid_request_error","param":null,"code":null}}""", true)]
    [InlineData(404, "404 page not found", true)]
    [InlineData(404, "", true)]
    [InlineData(405, """{"detail":"Method Not Allowed"}""", true)]
    [InlineData(404, """{"error":{"message":"The model `x` does not exist.","type":"NotFoundError","param":"model","code":404}}""", false)]
    [InlineData(404, """{"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","param":null,"code":404}""", false)]
    [InlineData(404, """{"error":"model 'x' not found"}""", false)]
    [InlineData(404, """{"type":"error","error":{"type":"not_found_error","message":"model: x"}}""", false)]
    [InlineData(400, """{"detail":"Not Found"}""", false)]
    public void A_missing_path_is_told_from_a_missing_model(int status, string body, bool isPath) =>
        MissingPath.IsMeant(status, Encoding.UTF8.GetBytes(body)).ShouldBe(isPath);

    [Theory]
    [InlineData(404, """{"detail":"Not Found"}""")]
    [InlineData(405, "")]
    public async Task An_older_versions_missing_path_is_told_with_the_operation_and_the_kind(int status, string answer)
    {
        await using var upstream = await UpstreamStub.JsonAsync(answer, status);
        var tenant = await fixture.TenantAsync("vllm", upstream.Url);

        using var response = await AskAsync(tenant, "/v1/embeddings", "\"input\":\"x\"");

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        var error = json.RootElement.GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("unsupported_operation");
        error.GetProperty("message").GetString()!.ShouldContain("'embeddings'");
        error.GetProperty("message").GetString()!.ShouldContain("'vllm'");
        var record = await tenant.RecordAsync();
        (record.Status, record.ErrorCode, record.InputTokens).ShouldBe((404, "unsupported_operation", 0));
    }

    [Fact]
    public async Task It_is_told_in_the_callers_dialect_with_what_was_dropped()
    {
        await using var upstream = await UpstreamStub.JsonAsync("""{"detail":"Not Found"}""", 404);
        var tenant = await fixture.TenantAsync("vllm", upstream.Url);

        using var response = await AskAsync(tenant, "/v1/messages/count_tokens", "\"speed\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]");

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.Headers.GetValues("x-gateway-dropped").ShouldBe(["speed"]);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        (json.RootElement.GetProperty("type").GetString(), json.RootElement.GetProperty("error").GetProperty("type").GetString()).ShouldBe(("error", "not_found_error"));
    }

    [Fact]
    public async Task Another_target_is_asked_first_and_the_older_one_is_not_avoided()
    {
        await using var old = await UpstreamStub.JsonAsync("""{"detail":"Not Found"}""", 404);
        await using var recent = await UpstreamStub.JsonAsync(Embedding);
        var tenant = await TenantAsync(t => [t.Pool("vllm", old.Url), t.Pool("vllm", recent.Url)]);

        for (var i = 0; i < 2; i++)
        {
            using var response = await AskAsync(tenant, "/v1/embeddings", "\"input\":\"x\"");
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        (old.Calls.Count, recent.Calls.Count).ShouldBe((2, 2));
    }

    [Fact]
    public async Task A_model_that_the_engine_does_not_know_is_its_own_refusal()
    {
        const string Refusal = """{"error":{"message":"The model `upstream-model` does not exist.","type":"NotFoundError","param":"model","code":404}}""";
        await using var upstream = await UpstreamStub.JsonAsync(Refusal, 404);
        var tenant = await fixture.TenantAsync("vllm", upstream.Url);

        using var response = await AskAsync(tenant, "/v1/embeddings", "\"input\":\"x\"");

        (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel)).ShouldBe((HttpStatusCode.NotFound, Refusal));
    }

    [Fact]
    public async Task A_null_error_is_none()
    {
        await using var upstream = await UpstreamStub.JsonAsync("""{"error":null,"detail":"x"}""", 400);
        var tenant = await fixture.TenantAsync("vllm", upstream.Url);

        using var response = await AskAsync(tenant, "/v1/embeddings", "\"input\":\"x\"");

        (await Errors.CodeAsync(response)).Code.ShouldBe("upstream_rejected");
    }

    [Fact]
    public async Task A_pool_serves_what_it_lists_and_nothing_else()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Embedding);
        var tenant = await TenantAsync(t => [t.Pool("vllm", upstream.Url) with { Operations = ["embeddings", "image_generation"] }]);

        using var served = await AskAsync(tenant, "/v1/embeddings", "\"input\":\"x\"");
        using var unlisted = await AskAsync(tenant, "/v1/completions", "\"prompt\":\"x\"");
        using var unknown = await AskAsync(tenant, "/v1/images/generations", "\"prompt\":\"x\"");

        served.StatusCode.ShouldBe(HttpStatusCode.OK);
        (unlisted.StatusCode, (await Errors.CodeAsync(unlisted)).Code).ShouldBe((HttpStatusCode.NotFound, "unsupported_operation"));
        (unknown.StatusCode, (await Errors.CodeAsync(unknown)).Code).ShouldBe((HttpStatusCode.NotFound, "unsupported_operation"));
        upstream.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_one_pool_does_not_list_is_asked_of_another()
    {
        await using var chats = await UpstreamStub.JsonAsync("{}");
        await using var embeds = await UpstreamStub.JsonAsync(Embedding);
        var tenant = await TenantAsync(t => [t.Pool("vllm", chats.Url) with { Operations = ["chat"] }, t.Pool("vllm", embeds.Url)]);

        using var response = await AskAsync(tenant, "/v1/embeddings", "\"input\":\"x\"");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        chats.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_list_with_an_operation_that_nobody_knows_is_a_fault()
    {
        var pools = new List<PoolDocument>();
        var tenant = await TenantAsync(t =>
        {
            pools.Add(t.Pool("vllm", new Uri("http://127.0.0.1:9")) with { Operations = ["chat", "dance", "chat"] });
            return [.. pools];
        });

        tenant.Gateway.Snapshot!.Pools.ShouldNotContainKey(pools[0].Id);
        var faults = tenant.Gateway.Snapshot.Rejected.Values.Single(r => r.Faults.Any(f => f.Contains("dance", StringComparison.Ordinal))).Faults;
        faults.ShouldBe(["The operation 'dance' is not known.", "The operation 'chat' is listed more than once."], ignoreOrder: true);
    }

    private async Task<TestTenant> TenantAsync(Func<TestTenant, PoolDocument[]> make)
    {
        var tenant = new TestTenant(fixture.Control, fixture.Gateway);
        var pools = make(tenant);
        foreach (var pool in pools)
            tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pools));
        await fixture.Gateway.ReachAsync(fixture.Control);
        return tenant;
    }

    private static async Task<HttpResponseMessage> AskAsync(TestTenant tenant, string path, string members)
    {
        using var request = tenant.Request($$"""{"model":"{{tenant.Model}}",{{members}}}""");
        request.RequestUri = new(path, UriKind.Relative);
        return await tenant.Gateway.Http.SendAsync(request, Cancel);
    }
}
