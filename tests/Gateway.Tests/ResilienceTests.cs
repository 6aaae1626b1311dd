using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Ids;
using Platform.Gateway.Authentication;
using Platform.Gateway.Dialects.OpenAi;
using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;
using Platform.Gateway.ModelList;
using Platform.Gateway.Requests;
using Platform.Gateway.Routing;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>What keeps a request, and the endpoints, from each other's failures.</summary>
public sealed class ResilienceTests : OwnGatewayTests
{
    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";
    private const string TooLong = """{"error":{"message":"Too long.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""";

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(429, "Retry-After", "30")]
    [InlineData(503, "Retry-After", "30")]
    [InlineData(529, "retry-after-ms", "29900")]
    public async Task An_endpoint_that_asks_to_be_left_alone_is(int status, string header, string value)
    {
        await using var busy = await BusyAsync(status, header, value);
        await using var good = await UpstreamStub.JsonAsync(Answer);
        var tenant = await StartAsync([[busy.Url], [good.Url]]);

        for (var i = 0; i < 5; i++)
            (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(HttpStatusCode.OK);

        (busy.Calls.Count, good.Calls.Count).ShouldBe((1, 5));
        tenant.Records().Select(r => r.Tries).ShouldBe([2, 1, 1, 1, 1]);
    }

    [Fact]
    public async Task When_all_ask_to_be_left_alone_the_caller_hears_when_the_first_is_back()
    {
        await using var later = await BusyAsync(429, "Retry-After", "50");
        await using var sooner = await BusyAsync(503, "Retry-After", "20");
        var tenant = await StartAsync([[later.Url], [sooner.Url]]);

        foreach (var _ in new[] { 1, 2 })
        {
            using var response = await tenant.PostAsync(tenant.Body());

            response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            (await Tests.Errors.CodeAsync(response)).ShouldBe(("server_error", "slow_down"));
            response.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(10, 20);
        }
        (later.Calls.Count, sooner.Calls.Count).ShouldBe((1, 1));
        tenant.Records().ShouldHaveSingleItem(); // the second request was sent nowhere
    }

    [Fact]
    public void An_endpoint_is_left_alone_no_longer_than_the_bound_and_for_the_model_only()
    {
        var time = new ManualTime();
        var states = new EndpointStates(new() { MaxPauseSeconds = 60 }, time);
        var endpoint = EndpointId.New();

        states.Pause(endpoint, "a", TimeSpan.FromDays(400));
        states.Pause(endpoint, "a", TimeSpan.FromSeconds(1));

        states.PauseOf(states.Of(endpoint), "a").ShouldBe(TimeSpan.FromSeconds(60));
        states.PauseOf(states.Of(endpoint), "b").ShouldBeNull();
        time.Advance(TimeSpan.FromSeconds(60));
        states.PauseOf(states.Of(endpoint), "a").ShouldBeNull();
    }

    [Fact]
    public async Task An_endpoint_that_fails_in_a_row_gets_nothing_more()
    {
        await using var bad = await UpstreamStub.JsonAsync("{}", 500);
        await using var good = await UpstreamStub.JsonAsync(Answer);
        var tenant = await StartAsync([[bad.Url], [good.Url]], "Routing:BreakerFailures=3", "Routing:BreakerOpenMilliseconds=600000");

        for (var i = 0; i < 6; i++)
            await tenant.PostAsync(tenant.Body());

        (bad.Calls.Count, good.Calls.Count).ShouldBe((3, 3));
    }

    [Fact]
    public async Task When_every_breaker_is_open_one_is_tried_all_the_same()
    {
        var status = 500;
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Answer));
        });
        var tenant = await StartAsync([[upstream.Url]], "Routing:BreakerFailures=1", "Routing:BreakerOpenMilliseconds=600000");
        (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(HttpStatusCode.BadGateway);

        status = 200;

        (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(HttpStatusCode.OK);
        upstream.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_stream_that_breaks_in_the_middle_counts_against_its_endpoint()
    {
        await using var breaking = await UpstreamStub.EventsAsync("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n");
        await using var good = await UpstreamStub.JsonAsync(Answer);
        var tenant = await StartAsync([[breaking.Url], [good.Url]], "Routing:BreakerFailures=1", "Routing:BreakerOpenMilliseconds=600000");

        using var broken = await tenant.PostAsync(tenant.Body(stream: true));
        (await broken.Content.ReadAsStringAsync(Token)).ShouldContain("upstream_failed");
        (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(HttpStatusCode.OK);

        (breaking.Calls.Count, good.Calls.Count).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Without_a_budget_nothing_is_tried_twice()
    {
        await using var bad = await UpstreamStub.JsonAsync("{}", 503);
        await using var good = await UpstreamStub.JsonAsync(Answer);
        var tenant = await StartAsync([[bad.Url], [good.Url]], "Routing:RetryPercent=0", "Routing:MinModelRetriesPerSecond=0");

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (bad.Calls.Count, good.Calls.Count).ShouldBe((1, 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_try_that_takes_too_long_is_made_elsewhere(bool stream)
    {
        await using var slow = await UpstreamStub.StartAsync(async (context, _) =>
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        await using var good = await UpstreamStub.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = stream ? "text/event-stream" : "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(stream ? "data: [DONE]\n\n" : Answer));
        });
        var tenant = await StartAsync([[slow.Url], [good.Url]], "Upstream:TrySeconds=1");

        using var response = await tenant.PostAsync(tenant.Body(stream));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await tenant.RecordAsync()).Tries.ShouldBe(2);
    }

    [Fact]
    public async Task A_prompt_that_is_too_long_goes_to_the_next_tier_where_that_is_asked_for()
    {
        await using var small = await UpstreamStub.JsonAsync(TooLong, 400);
        await using var large = await UpstreamStub.JsonAsync(Answer);
        var tenant = await StartAsync([[small.Url, small.Url], [large.Url]], "Routing:FallBackOnContextLength=true", "Routing:RetryPercent=0", "Routing:MinRetriesPerSecond=0");

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (small.Calls.Count, large.Calls.Count).ShouldBe((1, 1));
        (await tenant.RecordAsync()).Tries.ShouldBe(2);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Else_its_refusal_goes_through(bool asked, bool hasLaterTier)
    {
        await using var small = await UpstreamStub.JsonAsync(TooLong, 400);
        var tenant = await StartAsync(hasLaterTier ? [[small.Url], [small.Url]] : [[small.Url, small.Url]], $"Routing:FallBackOnContextLength={asked}");

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(Token)).ShouldBe(TooLong);
        small.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_was_tried_is_known_afterwards()
    {
        await using var bad = await UpstreamStub.JsonAsync("{}", 503);
        await using var busy = await BusyAsync(429, "Retry-After", "30");
        await using var good = await UpstreamStub.JsonAsync(Answer);
        var tenant = await StartAsync([[bad.Url], [busy.Url], [good.Url]]);
        var exchange = Exchange(tenant);

        await Host!.Services.GetRequiredService<Dispatcher>().DispatchAsync(exchange);

        exchange.Attempts.Select(a => a.ErrorCode).ShouldBe(["upstream_failed", "slow_down", null]);
        exchange.Attempts.Select(a => a.PoolId).ShouldBe(exchange.Model.Targets.Select(t => t.PoolId));
        exchange.Attempts.ShouldAllBe(a => a.Milliseconds > 0);
        (await tenant.RecordAsync()).EndpointId.ShouldBe(exchange.Attempts[2].EndpointId);
    }

    /// <summary>As the endpoint makes it of a request.</summary>
    private Exchange Exchange(TestTenant tenant)
    {
        var services = Host!.Services;
        var http = new DefaultHttpContext { RequestServices = services };
        http.Request.Method = "POST";
        http.Request.Headers.Authorization = $"Bearer {tenant.Key}";
        http.Features.Set(new Arrival(RequestId.New(), TimeProvider.System.GetUtcNow(), TimeProvider.System.GetTimestamp()));
        var caller = services.GetRequiredService<KeyAuthenticator>().Authenticate(http.Request).Value!;
        var operation = new ChatOperation();
        var body = Encoding.UTF8.GetBytes(tenant.Body());
        var facts = operation.Read(body).Value!;
        var model = VisibleModels.Resolve(caller, facts.Model)!;
        return new(http, caller, operation, facts, body, model)
        {
            Policy = services.GetRequiredService<RequestPolicies>().Of(caller.Tenant, model),
            Buffers = services.GetRequiredService<TenantBuffers>().Of(caller.Tenant.Id),
        };
    }

    private static Task<UpstreamStub> BusyAsync(int status, string header, string value) => UpstreamStub.StartAsync((context, _) =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers[header] = value;
        return Task.CompletedTask;
    });

    /// <summary>A tenant whose model has a pool in each tier, with these endpoints.</summary>
    private async Task<TestTenant> StartAsync(Uri[][] tiers, params string[] settings)
    {
        Host = await GatewayHost.StartAsync(Control.Url, Control.Token, null, settings);
        await Host.ReadyAsync();
        var tenant = new TestTenant(Control, Host);
        var pools = tiers.Select(t => tenant.Pool("vllm", t)).ToArray();
        foreach (var pool in pools)
            tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pools));
        await Host.ReachAsync(Control);
        return tenant;
    }
}
