using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Platform.Gateway.Configuration;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>Pages that call: which may, and what they may read.</summary>
public sealed class CorsTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":9}}""";
    private const string Events = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private static string NewOrigin => $"https://{Guid.NewGuid():N}.example:8443";

    [Fact]
    public async Task A_preflight_without_a_key_is_answered_for_an_origin_that_some_tenant_allows()
    {
        var origin = NewOrigin;
        await TenantAsync([NewOrigin, origin]);

        var answer = await PreflightAsync(origin, "authorization, content-type, x-stainless-os");

        answer.ShouldStartWith("HTTP/1.1 204 ");
        answer.ShouldContain($"\r\nAccess-Control-Allow-Origin: {origin}\r\n");
        answer.ShouldContain("\r\nAccess-Control-Allow-Methods: GET, POST\r\n");
        answer.ShouldContain("\r\nAccess-Control-Allow-Headers: authorization, content-type, x-stainless-os\r\n");
        answer.ShouldContain("\r\nVary: origin");
        answer.ShouldNotContain("Access-Control-Allow-Credentials");
    }

    [Fact]
    public async Task A_preflight_of_an_origin_that_nobody_allows_or_allows_no_more_says_nothing()
    {
        var origin = NewOrigin;
        var tenant = await TenantAsync([origin]);
        (await PreflightAsync(origin, "authorization")).ShouldContain("Access-Control-Allow-Origin");

        (await PreflightAsync(NewOrigin, "authorization")).ShouldNotContain("Access-Control-Allow");
        (await PreflightAsync("null", "authorization")).ShouldNotContain("Access-Control-Allow");
        (await PreflightAsync(origin + "0", "authorization")).ShouldNotContain("Access-Control-Allow");
        tenant.Put(tenant.Document());
        await fixture.Gateway.ReachAsync(fixture.Control);
        var answer = await PreflightAsync(origin, "authorization");

        answer.ShouldStartWith("HTTP/1.1 204 ");
        answer.ShouldNotContain("Access-Control-Allow");
    }

    [Theory]
    [InlineData("x-\u00fcber")]
    [InlineData("a;b")]
    public async Task Headers_that_are_none_are_not_said_back(string headers)
    {
        var origin = NewOrigin;
        await TenantAsync([origin]);

        var answer = await PreflightAsync(origin, headers);

        answer.ShouldStartWith("HTTP/1.1 204 ");
        answer.ShouldNotContain("Access-Control-Allow-Headers");
    }

    [Fact]
    public async Task Options_without_a_preflights_header_are_not_a_method_here() =>
        (await fixture.Gateway.Http.SendAsync(new(HttpMethod.Options, "/v1/chat/completions"), Token)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answers_and_streams_are_for_the_origins_of_the_keys_tenant_alone(bool stream)
    {
        await using var upstream = stream ? await UpstreamStub.EventsAsync(Events) : await UpstreamStub.JsonAsync(Answer);
        var (own, others) = (NewOrigin, NewOrigin);
        var tenant = await TenantAsync([own], upstream.Url);
        await TenantAsync([others], upstream.Url);

        using var allowed = await AskAsync(tenant, own, stream);
        using var refused = await AskAsync(tenant, others, stream);
        using var program = await AskAsync(tenant, null, stream);

        allowed.StatusCode.ShouldBe(HttpStatusCode.OK);
        Header(allowed, "access-control-allow-origin").ShouldBe(own);
        Header(allowed, "access-control-expose-headers")!.Split(", ").ShouldContain("x-request-id");
        Header(allowed, "vary")!.ShouldBe("origin");
        (Header(refused, "access-control-allow-origin"), Header(refused, "vary")).ShouldBe((null, "origin"));
        (Header(program, "access-control-allow-origin"), Header(program, "vary")).ShouldBe((null, null));
    }

    [Fact]
    public async Task Errors_are_for_pages_too_once_the_tenant_is_known()
    {
        await using var broken = await UpstreamStub.JsonAsync("{}", 500);
        var origin = NewOrigin;
        var tenant = await TenantAsync([origin], broken.Url);

        using var failed = await AskAsync(tenant, origin, stream: false);
        using var invalid = await AskAsync(tenant, origin, stream: false, body: "{");
        using var unknown = await AskAsync(tenant, origin, stream: false, key: "sk-" + new string('x', 40));
        tenant.Put(tenant.Document() with { Suspended = true, Traffic = new() { CorsOrigins = [origin] } });
        await fixture.Gateway.ReachAsync(fixture.Control);
        using var suspended = await AskAsync(tenant, origin, stream: false);

        ((int)failed.StatusCode, Header(failed, "access-control-allow-origin")).ShouldBe((502, origin));
        ((int)invalid.StatusCode, Header(invalid, "access-control-allow-origin")).ShouldBe((400, origin));
        ((int)suspended.StatusCode, Header(suspended, "access-control-allow-origin")).ShouldBe((403, origin));
        ((int)unknown.StatusCode, Header(unknown, "access-control-allow-origin"), Header(unknown, "vary")).ShouldBe((401, null, "origin"));
    }

    [Fact]
    public async Task The_list_of_models_is_for_pages_too()
    {
        var origin = NewOrigin;
        var tenant = await TenantAsync([origin]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Authorization = new("Bearer", tenant.Key);
        request.Headers.Add("Origin", origin);

        using var response = await fixture.Gateway.Http.SendAsync(request, Token);

        Header(response, "access-control-allow-origin").ShouldBe(origin);
    }

    [Fact]
    public async Task A_tenant_may_allow_all_origins()
    {
        await using var host = new GatewayFixture();
        await host.InitializeAsync();
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await host.TenantAsync(upstream.Url);
        tenant.Put(tenant.Document() with { Traffic = new() { CorsOrigins = ["*"] } });
        await host.Gateway.ReachAsync(host.Control);

        using var response = await AskAsync(tenant, NewOrigin, stream: false);

        Header(response, "access-control-allow-origin").ShouldBe("*");
        (await PreflightAsync("null", "authorization", host.Gateway)).ShouldContain("Access-Control-Allow-Origin: null");
    }

    [Theory]
    [InlineData("https://Example.COM:443", "https://example.com")]
    [InlineData("http://b\u00fccher.example", "http://xn--bcher-kva.example")]
    [InlineData("http://[::1]:8080", "http://[::1]:8080")]
    [InlineData("capacitor://localhost", "capacitor://localhost")]
    [InlineData("https://a.example/", null)]
    [InlineData("https://a.example/x", null)]
    [InlineData("https://u@a.example", null)]
    [InlineData("https://*.example", null)]
    [InlineData("https://", null)]
    [InlineData("null", null)]
    [InlineData("a.example", null)]
    public void An_origin_is_read_as_browsers_write_it(string text, string? origin) => WebOrigin.Parse(text).ShouldBe(origin);

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    private static async Task<HttpResponseMessage> AskAsync(TestTenant tenant, string? origin, bool stream, string? body = null, string? key = null)
    {
        using var request = tenant.Request(body ?? tenant.Body(stream), key);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return await tenant.Gateway.Http.SendAsync(request, Token);
    }

    /// <summary>By a socket: an HTTP client takes headers apart.</summary>
    private async Task<string> PreflightAsync(string origin, string headers, GatewayHost? gateway = null)
    {
        var url = (gateway ?? fixture.Gateway).Url;
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, Token);
        var request = string.Create(CultureInfo.InvariantCulture, $"OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: x\r\nOrigin: {origin}\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: {headers}\r\nConnection: close\r\n\r\n");
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request), Token);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync(Token);
    }

    /// <summary>A tenant that allows these origins.</summary>
    private async Task<TestTenant> TenantAsync(string[] origins, params Uri[] endpoints)
    {
        var tenant = new TestTenant(fixture.Control, fixture.Gateway);
        var pool = tenant.Pool("vllm", endpoints);
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(tenant.Document(tenant.ModelOn(pool)) with { Traffic = new() { CorsOrigins = origins } });
        await fixture.Gateway.ReachAsync(fixture.Control);
        return tenant;
    }
}
