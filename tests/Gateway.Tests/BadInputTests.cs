using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

public sealed class BadInputTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task A_request_without_a_key_is_refused()
    {
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");

        using var response = await fixture.Gateway.Http.PostAsync("/v1/chat/completions", content, TestContext.Current.CancellationToken);

        await ShouldBeAsync(response, 401, "invalid_api_key", "caller");
    }

    [Theory]
    [InlineData("sk-short")]
    [InlineData("sk-AAAAAAAAAAAABBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB")]
    [InlineData("nonsense that is long enough to be partly shown")]
    public async Task An_unknown_key_is_refused_and_never_repeated_whole(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent("not json") };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");

        using var response = await fixture.Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);

        await ShouldBeAsync(response, 401, "invalid_api_key", "caller");
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain(key);
    }

    [Fact]
    public async Task The_right_prefix_with_another_secret_is_refused()
    {
        var tenant = await fixture.TenantAsync();

        using var response = await tenant.PostAsync(tenant.Body(), tenant.Key[..^1] + (tenant.Key[^1] == 'a' ? 'b' : 'a'));

        await ShouldBeAsync(response, 401, "invalid_api_key", "caller");
    }

    [Fact]
    public async Task An_expired_key_is_refused()
    {
        var tenant = new TestTenant(fixture.Control, fixture.Gateway);
        tenant.PutKeys(tenant.KeyEntry(expires: DateTimeOffset.UtcNow.AddSeconds(-1)));
        tenant.Put();
        await fixture.Gateway.ReachAsync(fixture.Control);

        using var response = await tenant.PostAsync(tenant.Body());

        await ShouldBeAsync(response, 401, "invalid_api_key", "caller");
    }

    [Fact]
    public async Task A_suspended_tenant_is_refused()
    {
        var tenant = new TestTenant(fixture.Control, fixture.Gateway);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(suspended: true);
        await fixture.Gateway.ReachAsync(fixture.Control);

        using var response = await tenant.PostAsync(tenant.Body());

        await ShouldBeAsync(response, 403, "tenant_suspended", "caller");
    }

    [Fact]
    public async Task A_key_of_a_tenant_that_is_not_here_is_refused()
    {
        var tenant = new TestTenant(fixture.Control, fixture.Gateway);
        tenant.PutKeys(tenant.KeyEntry());
        await fixture.Gateway.ReachAsync(fixture.Control);

        using var response = await tenant.PostAsync(tenant.Body());

        await ShouldBeAsync(response, 401, "invalid_api_key", "caller");
    }

    [Theory]
    [InlineData("no json at all", "invalid_json")]
    [InlineData("{\"model\":\"some/model-1\"}", "missing_required_parameter")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "missing_required_parameter")]
    public async Task A_bad_body_answers_400(string body, string code)
    {
        var tenant = await fixture.TenantAsync();

        using var response = await tenant.PostAsync(body);

        await ShouldBeAsync(response, 400, code, "caller");
    }

    [Fact]
    public async Task A_model_of_others_does_not_exist()
    {
        var tenant = await fixture.TenantAsync();

        using var response = await tenant.PostAsync("""{"model":"other","messages":[{"role":"user","content":"x"}]}""");

        await ShouldBeAsync(response, 404, "model_not_found", "caller");
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .ShouldContain("The model `other` does not exist or you do not have access to it.");
    }

    [Fact]
    public async Task Another_content_type_or_a_packed_body_answers_400()
    {
        var tenant = await fixture.TenantAsync();
        using var text = tenant.Request(tenant.Body());
        text.Content!.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        using var packed = tenant.Request(tenant.Body());
        packed.Content!.Headers.ContentEncoding.Add("gzip");

        await ShouldBeAsync(await fixture.Gateway.Http.SendAsync(text, TestContext.Current.CancellationToken), 400, "unsupported_media_type", "caller");
        await ShouldBeAsync(await fixture.Gateway.Http.SendAsync(packed, TestContext.Current.CancellationToken), 400, "unsupported_media_type", "caller");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_answers_413(bool chunked)
    {
        var tenant = await fixture.TenantAsync();
        var body = new byte[9 * 1024 * 1024];
        body.AsSpan().Fill((byte)' ');
        using var request = tenant.Request("");
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = true;

        using var response = await fixture.Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);

        await ShouldBeAsync(response, 413, "request_too_large", "limit");
    }

    [Fact]
    public async Task A_body_that_ends_early_disturbs_nobody()
    {
        var tenant = await fixture.TenantAsync();
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(fixture.Gateway.Url.Host, fixture.Gateway.Url.Port, TestContext.Current.CancellationToken);
            await socket.GetStream().WriteAsync(
                Encoding.ASCII.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.Key}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"),
                TestContext.Current.CancellationToken);
        }

        await ShouldBeAsync(await tenant.PostAsync("{"), 400, "invalid_json", "caller");
        tenant.Records().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET", "/v1/chat/completions", 405, "method_not_allowed")]
    [InlineData("POST", "/v1/nothing", 404, "unknown_url")]
    [InlineData("GET", "/", 404, "unknown_url")]
    public async Task An_unknown_url_has_the_same_shape(string method, string path, int status, string code)
    {
        using var request = new HttpRequestMessage(new(method), path);

        using var response = await fixture.Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);

        await ShouldBeAsync(response, status, code, "caller");
    }

    [Fact]
    public async Task Health_and_readiness_answer()
    {
        (await fixture.Gateway.Http.GetStringAsync("/healthz", TestContext.Current.CancellationToken)).ShouldBe("ok\n");
        (await fixture.Gateway.Http.GetStringAsync("/readyz", TestContext.Current.CancellationToken)).ShouldContain("\"journal\":\"healthy\"");
    }

    [Fact]
    public async Task Models_are_the_tenants_own_and_the_catalogs()
    {
        var tenant = await fixture.TenantAsync();
        var shared = tenant.Pool("vllm");
        var catalog = new ModelEntry(ModelId.New(), ModelName.Parse("catalog-model"), "platform", DateTimeOffset.FromUnixTimeSeconds(1), [new(shared.Id, "m")]);
        fixture.Control.Put(
            ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform,
            new PlatformDocument { Peppers = [fixture.Control.PepperEntry()], Catalog = [catalog] });
        await fixture.Gateway.ReachAsync(fixture.Control);

        (await GetAsync(tenant, "/v1/models")).ShouldBe(
            $$"""{"object":"list","data":[{"id":"some/model-1","object":"model","created":1700000000,"owned_by":"{{tenant.Slug}}","shutdown_date":null},{"id":"catalog-model","object":"model","created":1,"owned_by":"platform","shutdown_date":null}]}""");
        (await GetAsync(tenant, "/v1/models/some/model-1")).ShouldStartWith("""{"id":"some/model-1","object":"model",""");
        (await GetAsync(tenant, "/v1/models/some%2Fmodel-1")).ShouldStartWith("""{"id":"some/model-1","object":"model",""");
        (await GetAsync(tenant, "/v1/models/none")).ShouldContain("model_not_found");
        (await fixture.Gateway.Http.GetAsync("/v1/models", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
    }

    private static async Task<string> GetAsync(TestTenant tenant, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", tenant.Key);
        using var response = await tenant.Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private async Task ShouldBeAsync(HttpResponseMessage response, int status, string code, string reason)
    {
        ((int)response.StatusCode).ShouldBe(status);
        (await Errors.CodeAsync(response)).ShouldBe(("invalid_request_error", code));
        response.Headers.GetValues("x-gateway-reason").Single().ShouldBe(reason);
        response.Headers.GetValues("x-request-id").ShouldHaveSingleItem();
        fixture.Gateway.Records().ShouldNotContain(r => r.Id.ToString() == response.Headers.GetValues("x-request-id").Single());
    }
}
