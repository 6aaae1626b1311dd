using System.Text.Json;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>Heads that others might read in another way, as bytes on a socket.</summary>
public sealed class AmbiguousHeadTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Body = "{}";

    /// <summary><c>KEY</c> stands for the tenant's key.</summary>
    public static TheoryData<string, string> Heads => new()
    {
        { "a length beside chunks", "Host: x\r\nAuthorization: Bearer KEY\r\nContent-Type: application/json\r\nContent-Length: 2\r\nTransfer-Encoding: chunked" },
        { "chunks before a length", "Host: x\r\nAuthorization: Bearer KEY\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nContent-Length: 2" },
        { "its other name", "Host: x\r\nAuthorization: Bearer KEY\r\nContent-Type: application/json\r\nContent-Length: 2\r\nx-content-length: 50" },
        { "two keys", "Host: x\r\nAuthorization: Bearer KEY\r\nAuthorization: Bearer sk-1\r\nContent-Type: application/json\r\nContent-Length: 2" },
        { "one key twice", "Host: x\r\nAuthorization: Bearer KEY\r\nauthorization: Bearer KEY\r\nContent-Type: application/json\r\nContent-Length: 2" },
        { "two keys of Anthropic's", "Host: x\r\nx-api-key: KEY\r\nX-Api-Key: sk-1\r\nContent-Type: application/json\r\nContent-Length: 2" },
        { "two types", "Host: x\r\nAuthorization: Bearer KEY\r\nContent-Type: application/json\r\nContent-Type: text/plain\r\nContent-Length: 2" },
        { "an idempotency key by another sign", "Host: x\r\nAuthorization: Bearer KEY\r\nIdempotency_Key: a\r\nContent-Type: application/json\r\nContent-Length: 2" },
        { "a key by another sign", "Host: x\r\nAuthorization: Bearer KEY\r\nx_api_key: sk-1\r\nContent-Type: application/json\r\nContent-Length: 2" },
        { "a length by another sign", "Host: x\r\nAuthorization: Bearer KEY\r\nContent-Type: application/json\r\nContent_Length: 50\r\nContent-Length: 2" },
        { "an address by another sign", "Host: x\r\nAuthorization: Bearer KEY\r\nX_Forwarded_For: 10.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 2" },
        { "one of the gateway's own by another sign", "Host: x\r\nAuthorization: Bearer KEY\r\nx_gateway-model: m\r\nContent-Type: application/json\r\nContent-Length: 2" },
        { "an empty host", "Host: \r\nAuthorization: Bearer KEY\r\nContent-Type: application/json\r\nContent-Length: 2" },
    };

    /// <summary>What Kestrel refuses by itself, with a bare 400.</summary>
    public static TheoryData<string, string> Refused => new()
    {
        { "two lengths", "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}" },
        { "a length that is a list", "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 2, 2\r\n\r\n{}" },
        { "chunks that are not the last coding", "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n" },
        { "two hosts", "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 2\r\n\r\n{}" },
        { "no host", "POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}" },
        { "a target with another host", "POST http://y/v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}" },
        { "a target without a path", "POST v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}" },
        { "a space before the colon", "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length : 2\r\n\r\n{}" },
        { "a folded line", "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n x: y\r\n\r\n{}" },
        { "a lone carriage return", "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nx: a\rb: c\r\nContent-Length: 2\r\n\r\n{}" },
        { "a zero byte", "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nx: a\0b\r\nContent-Length: 2\r\n\r\n{}" },
        { "lines that end without a carriage return", "POST /v1/chat/completions HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}" },
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task It_is_refused_in_the_callers_dialect_and_goes_nowhere(string what, string head)
    {
        await using var upstream = await UpstreamStub.JsonAsync("{}");
        var tenant = await fixture.TenantAsync(upstream.Url);
        var lines = head.Replace("KEY", tenant.Key, StringComparison.Ordinal);
        var body = lines.Contains("chunked", StringComparison.Ordinal) ? "2\r\n{}\r\n0\r\n\r\n" : Body;

        var openAi = await AskAsync($"POST /v1/chat/completions HTTP/1.1\r\n{lines}\r\nConnection: close\r\n\r\n{body}");
        var anthropic = await AskAsync($"POST /v1/messages HTTP/1.1\r\n{lines}\r\nConnection: close\r\n\r\n{body}");

        openAi.GetProperty("error").GetProperty("code").GetString().ShouldBe("ambiguous_request", what);
        openAi.GetProperty("error").GetProperty("type").GetString().ShouldBe("invalid_request_error");
        anthropic.GetProperty("type").GetString().ShouldBe("error");
        anthropic.GetProperty("error").GetProperty("type").GetString().ShouldBe("invalid_request_error");
        upstream.Calls.ShouldBeEmpty();
        tenant.Records().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task The_server_refuses_it_by_itself(string what, string request)
    {
        var answer = await RawConnection.AskAsync(fixture.Gateway.Url, request);

        answer.ShouldStartWith("HTTP/1.1 400 ", customMessage: what);
        answer.ShouldEndWith("\r\n\r\n");
    }

    [Fact]
    public async Task Both_key_headers_with_different_keys_are_no_key()
    {
        var tenant = await fixture.TenantAsync();

        var error = await AskAsync(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.Key}\r\nx-api-key: {tenant.Key}x\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}",
            401);

        error.GetProperty("error").GetProperty("code").GetString().ShouldBe("invalid_api_key");
    }

    [Fact]
    public async Task A_header_with_an_underscore_that_shadows_nothing_passes()
    {
        await using var upstream = await UpstreamStub.JsonAsync("""{"choices":[]}""");
        var tenant = await fixture.TenantAsync(upstream.Url);
        using var request = tenant.Request(tenant.Body());
        request.Headers.Add("my_own_header", "1");

        (await tenant.Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        upstream.Calls.ShouldHaveSingleItem().Headers["my_own_header"].ShouldBe("1");
    }

    [Theory]
    [InlineData("GET http://x/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /healthz HTTP/1.0\r\n\r\n")]
    public async Task What_is_clear_is_served(string request) =>
        (await RawConnection.AskAsync(fixture.Gateway.Url, request)).ShouldStartWith("HTTP/1.1 200 ");

    private async Task<JsonElement> AskAsync(string request, int status = 400)
    {
        var answer = await RawConnection.AskAsync(fixture.Gateway.Url, request);
        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        return JsonDocument.Parse(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]).RootElement;
    }
}
