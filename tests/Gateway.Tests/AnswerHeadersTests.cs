using System.Net;
using System.Text;
using Platform.Contracts.Configuration;
using Platform.Gateway.Errors;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>What stands above every answer.</summary>
public sealed class AnswerHeadersTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";
    private const string Message = """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}""";
    private const string Events = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\ndata: [DONE]\n\n";

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_openai_answer_names_organization_time_model_and_endpoint(bool stream)
    {
        await using var upstream = stream ? await UpstreamStub.EventsAsync(Events) : await UpstreamStub.JsonAsync(Answer);
        var (tenant, endpoint) = await TenantAsync(upstream.Url, null);

        using var response = await tenant.PostAsync(tenant.Body(stream));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        One(response, "openai-organization").ShouldBe(tenant.Slug);
        int.Parse(One(response, "openai-processing-ms")!, provider: null).ShouldBeInRange(0, 20_000);
        One(response, "x-gateway-model").ShouldBe(tenant.Model);
        One(response, "x-gateway-endpoint").ShouldBe(endpoint);
        One(response, "x-request-id").ShouldBe((await tenant.RecordAsync()).Id.ToString());
        One(response, "anthropic-organization-id").ShouldBeNull();
    }

    [Fact]
    public async Task The_time_is_that_to_the_headers()
    {
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await Task.Delay(300, context.RequestAborted);
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Answer));
        });
        var (tenant, _) = await TenantAsync(upstream.Url, null);

        using var response = await tenant.PostAsync(tenant.Body());

        int.Parse(One(response, "openai-processing-ms")!, provider: null).ShouldBeInRange(290, 20_000);
    }

    [Fact]
    public async Task An_anthropic_answer_has_anthropics_names()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Message);
        var (tenant, endpoint) = await TenantAsync(upstream.Url, null, "anthropic");
        using var request = tenant.Request($$"""{"model":"{{tenant.Model}}","max_tokens":1,"messages":[{"role":"user","content":"x"}]}""");
        request.RequestUri = new("/v1/messages", UriKind.Relative);

        using var response = await tenant.Gateway.Http.SendAsync(request, Token);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        One(response, "anthropic-organization-id").ShouldBe(tenant.Slug);
        One(response, "request-id").ShouldBe(One(response, "x-request-id").ShouldNotBeNull());
        One(response, "x-gateway-endpoint").ShouldBe(endpoint);
        One(response, "openai-organization").ShouldBeNull();
        One(response, "openai-processing-ms").ShouldBeNull();
    }

    [Fact]
    public async Task A_tenant_may_hide_where_its_answers_come_from()
    {
        await using var upstream = await UpstreamStub.JsonAsync("""{"error":{"message":"no","type":"invalid_request_error","param":null,"code":null}}""", 400);
        var (tenant, _) = await TenantAsync(upstream.Url, new() { ShowGatewayHeaders = false });

        using var response = await tenant.PostAsync(tenant.Body());

        One(response, "x-gateway-model").ShouldBeNull();
        One(response, "x-gateway-endpoint").ShouldBeNull();
        One(response, "x-gateway-reason").ShouldBe("upstream");
        One(response, "openai-organization").ShouldBe(tenant.Slug);
    }

    [Fact]
    public async Task So_may_the_agent_for_those_that_say_nothing()
    {
        await using var control = await new FakeControl().StartAsync();
        control.Put(ConfigKinds.Platform, ConfigKinds.Platform, Contracts.Ids.TenantId.Platform, new PlatformDocument { Peppers = [control.PepperEntry()] });
        await using var gateway = await GatewayHost.StartAsync(control.Url, control.Token, null, "Edge:ShowGatewayHeaders=false");
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var silent = new TestTenant(control, gateway);
        var asking = new TestTenant(control, gateway);
        foreach (var (tenant, traffic) in new[] { (silent, (TrafficSpec?)null), (asking, new TrafficSpec { ShowGatewayHeaders = true }) })
        {
            var pool = tenant.Pool("vllm", upstream.Url);
            tenant.PutPool(pool);
            tenant.PutKeys(tenant.KeyEntry());
            tenant.Put(tenant.Document(tenant.ModelOn(pool)) with { Traffic = traffic });
        }
        await gateway.ReadyAsync();
        await gateway.ReachAsync(control);

        One(await silent.PostAsync(silent.Body()), "x-gateway-model").ShouldBeNull();
        One(await asking.PostAsync(asking.Body()), "x-gateway-model").ShouldBe(asking.Model);
    }

    [Fact]
    public async Task Errors_and_lists_name_the_organization_once_the_key_is_known()
    {
        var tenant = await fixture.TenantAsync();
        using var list = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        list.Headers.Authorization = new("Bearer", tenant.Key);

        One(await fixture.Gateway.Http.SendAsync(list, Token), "openai-organization").ShouldBe(tenant.Slug);
        One(await tenant.PostAsync("{"), "openai-organization").ShouldBe(tenant.Slug);
        var stranger = await tenant.PostAsync("{", "sk-none");
        One(stranger, "openai-organization").ShouldBeNull();
        One(stranger, "x-should-retry").ShouldBe("false");
        One(stranger, "retry-after").ShouldBeNull();
    }

    [Fact]
    public async Task What_may_be_better_later_says_when()
    {
        var (tenant, _) = await TenantAsync(new Uri("http://127.0.0.1:9"), null, draining: true);

        using var response = await tenant.PostAsync(tenant.Body());

        (await Platform.Gateway.Tests.Errors.CodeAsync(response)).ShouldBe(("server_error", "no_endpoint"));
        One(response, "retry-after").ShouldBe("1");
        One(response, "retry-after-ms").ShouldBe("1000");
        One(response, "x-should-retry").ShouldBe("true");
        One(response, "x-gateway-model").ShouldBe(tenant.Model);
        One(response, "x-gateway-endpoint").ShouldBeNull();
    }

    [Theory]
    [InlineData(400, "invalid_request_error", false)]
    [InlineData(401, "invalid_request_error", false)]
    [InlineData(402, "billing_error", false)]
    [InlineData(404, "invalid_request_error", false)]
    [InlineData(408, "invalid_request_error", true)]
    [InlineData(409, "invalid_request_error", true)]
    [InlineData(413, "invalid_request_error", false)]
    [InlineData(429, "requests", true)]
    [InlineData(429, "insufficient_quota", false)]
    [InlineData(500, "server_error", true)]
    [InlineData(502, "server_error", true)]
    [InlineData(503, "server_error", true)]
    [InlineData(529, "server_error", true)]
    public void Clients_are_told_whether_to_ask_again(int status, string type, bool retry) =>
        new ApiError(status, type, "code", "text").ShouldRetry.ShouldBe(retry);

    [Fact]
    public void What_will_not_change_by_itself_is_not_asked_again()
    {
        ApiErrors.UpstreamUnauthorized.ShouldRetry.ShouldBeFalse();
        ApiErrors.AnswerTooLarge.ShouldRetry.ShouldBeFalse();
    }

    [Theory]
    [InlineData("mine-1", "mine-1")]
    [InlineData("", null)]
    [InlineData("with space", null)]
    [InlineData("line\nbreak", null)]
    [InlineData("caf\u00e9", null)]
    public void A_callers_own_id_is_kept_where_it_is_printable(string sent, string? kept)
    {
        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        context.Request.Headers["x-request-id"] = sent;
        Arrival.CallerRequestIdOf(context.Request).ShouldBe(kept);

        context.Request.Headers["x-request-id"] = new string('a', 129);
        Arrival.CallerRequestIdOf(context.Request).ShouldBeNull();
        context.Request.Headers["x-request-id"] = new string('a', 128);
        Arrival.CallerRequestIdOf(context.Request)!.Length.ShouldBe(128);
        context.Request.Headers["x-request-id"] = new[] { "a", "b" };
        Arrival.CallerRequestIdOf(context.Request).ShouldBeNull();
    }

    [Fact]
    public async Task A_callers_own_id_is_neither_ours_nor_the_upstreams()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var (tenant, _) = await TenantAsync(upstream.Url, null);
        using var request = tenant.Request(tenant.Body());
        request.Headers.Add("x-request-id", "mine-1");

        using var response = await tenant.Gateway.Http.SendAsync(request, Token);

        var ours = One(response, "x-request-id");
        ours.ShouldBe((await tenant.RecordAsync()).Id.ToString());
        upstream.Calls.ShouldHaveSingleItem().Headers["x-request-id"].ShouldBe(ours);
    }

    private static string? One(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.ShouldHaveSingleItem() : null;

    private async Task<(TestTenant Tenant, string Endpoint)> TenantAsync(Uri upstream, TrafficSpec? traffic, string engine = Engines.Vllm, bool draining = false)
    {
        var tenant = new TestTenant(fixture.Control, fixture.Gateway);
        var pool = tenant.Pool(engine, upstream);
        if (draining)
            pool = pool with { Endpoints = [pool.Endpoints[0] with { Draining = true }] };
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(tenant.Document(tenant.ModelOn(pool)) with { Traffic = traffic });
        await fixture.Gateway.ReachAsync(fixture.Control);
        return (tenant, pool.Endpoints[0].Id.ToString());
    }
}
