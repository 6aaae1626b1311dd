using System.Net;
using System.Text.Json;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>What Anthropic's clients say and read besides messages: their version, and their list of models.</summary>
public sealed class AnthropicClientTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Version = "2026-10-21";
    private const string Message = """{"id":"msg","type":"message","role":"assistant","content":[],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}""";
    private const string Chat = """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_version_and_its_body_reach_who_speaks_it_unchanged()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Message);
        var tenant = await fixture.TenantAsync("anthropic", upstream.Url);

        using var response = await SendAsync(tenant, "/v1/messages", Ask(tenant, ",\"new_member\":[1]"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var call = upstream.Calls.ShouldHaveSingleItem();
        (call.Headers["anthropic-version"], call.Headers["anthropic-beta"]).ShouldBe((Version, "a-beta"));
        call.Text.ShouldBe(Ask(tenant, ",\"new_member\":[1]").Replace(tenant.Model, "upstream-model", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"temperature\":0.5,\"top_p\":0.9,\"top_k\":3")]
    public async Task A_new_version_is_said_as_a_chat_completion_and_its_headers_stay_here(string sampling)
    {
        await using var upstream = await UpstreamStub.JsonAsync(Chat);
        var tenant = await fixture.TenantAsync("vllm", upstream.Url);

        using var response = await SendAsync(tenant, "/v1/messages", Ask(tenant, sampling));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.Contains("x-gateway-dropped").ShouldBeFalse();
        var call = upstream.Calls.ShouldHaveSingleItem();
        call.Headers.Keys.ShouldNotContain(k => k.StartsWith("anthropic-", StringComparison.OrdinalIgnoreCase));
        call.Text.ShouldBe($$"""{"model":"upstream-model","max_tokens":5{{sampling}},"messages":[{"role":"user","content":"hi"}]}""");
    }

    [Fact]
    public async Task What_is_said_anew_is_said_in_the_version_that_it_is_written_in()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Message);
        var tenant = await fixture.TenantAsync("anthropic", upstream.Url);

        using var response = await SendAsync(tenant, "/v1/chat/completions", tenant.Body().Replace("}]", "}],\"temperature\":0.5", StringComparison.Ordinal));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        upstream.Calls.ShouldHaveSingleItem().Headers["anthropic-version"].ShouldBe("2023-06-01");
    }

    [Fact]
    public async Task Models_are_listed_in_Anthropics_shape_to_who_says_its_version()
    {
        var tenant = await TenantAsync("a", "b", "c");

        (await GetAsync(tenant, "/v1/models")).ShouldBe(
            """{"data":[{"type":"model","id":"a","display_name":"a","created_at":"2023-11-14T22:13:20Z"},{"type":"model","id":"b","display_name":"b","created_at":"2023-11-14T22:13:20Z"},{"type":"model","id":"c","display_name":"c","created_at":"2023-11-14T22:13:20Z"}],"has_more":false,"first_id":"a","last_id":"c"}""");
        (await GetAsync(tenant, "/v1/models/b")).ShouldBe("""{"type":"model","id":"b","display_name":"b","created_at":"2023-11-14T22:13:20Z"}""");
        (await GetAsync(tenant, "/v1/models/b", version: null)).ShouldContain("\"object\":\"model\"");
    }

    [Theory]
    [InlineData("limit=2", "a,b", true)]
    [InlineData("limit=3", "a,b,c", false)]
    [InlineData("after_id=a&limit=1", "b", true)]
    [InlineData("after_id=b", "c", false)]
    [InlineData("after_id=c", "", false)]
    [InlineData("before_id=c&limit=1", "b", true)]
    [InlineData("before_id=c", "a,b", false)]
    [InlineData("before_id=a", "", false)]
    public async Task A_list_of_models_has_pages(string query, string ids, bool more)
    {
        var tenant = await TenantAsync("a", "b", "c");

        using var page = JsonDocument.Parse(await GetAsync(tenant, "/v1/models?" + query));

        var found = page.RootElement.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()).ToList();
        string.Join(',', found).ShouldBe(ids);
        page.RootElement.GetProperty("has_more").GetBoolean().ShouldBe(more);
        (page.RootElement.GetProperty("first_id").GetString(), page.RootElement.GetProperty("last_id").GetString()).ShouldBe((found.FirstOrDefault(), found.LastOrDefault()));
    }

    [Theory]
    [InlineData("/v1/models?limit=0", 400, "invalid_request_error")]
    [InlineData("/v1/models?limit=1001", 400, "invalid_request_error")]
    [InlineData("/v1/models?limit=x", 400, "invalid_request_error")]
    [InlineData("/v1/models?after_id=none", 400, "invalid_request_error")]
    [InlineData("/v1/models?after_id=a&before_id=c", 400, "invalid_request_error")]
    [InlineData("/v1/models/none", 404, "not_found_error")]
    public async Task What_is_wrong_with_it_is_said_as_Anthropic_would(string path, int status, string type)
    {
        var tenant = await TenantAsync("a", "b", "c");

        using var error = JsonDocument.Parse(await GetAsync(tenant, path, expected: status));

        error.RootElement.GetProperty("type").GetString().ShouldBe("error");
        error.RootElement.GetProperty("error").GetProperty("type").GetString().ShouldBe(type);
    }

    private static string Ask(TestTenant tenant, string more) => $$"""{"model":"{{tenant.Model}}","max_tokens":5{{more}},"messages":[{"role":"user","content":"hi"}]}""";

    private static async Task<HttpResponseMessage> SendAsync(TestTenant tenant, string path, string body)
    {
        using var request = tenant.Request(body);
        request.RequestUri = new(path, UriKind.Relative);
        request.Headers.Add("anthropic-version", Version);
        request.Headers.Add("anthropic-beta", "a-beta");
        return await tenant.Gateway.Http.SendAsync(request, Cancel);
    }

    private static async Task<string> GetAsync(TestTenant tenant, string path, string? version = Version, int expected = 200)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("x-api-key", tenant.Key);
        if (version is not null)
            request.Headers.Add("anthropic-version", version);
        using var response = await tenant.Gateway.Http.SendAsync(request, Cancel);
        ((int)response.StatusCode).ShouldBe(expected);
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    private async Task<TestTenant> TenantAsync(params string[] models)
    {
        var tenant = new TestTenant(fixture.Control, fixture.Gateway);
        var pool = tenant.Pool("vllm", new Uri("http://127.0.0.1:9"));
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: [.. models.Select(m => tenant.ModelOn(pool) with { Name = Contracts.Ids.ModelName.Parse(m) })]);
        await fixture.Gateway.ReachAsync(fixture.Control);
        return tenant;
    }
}
