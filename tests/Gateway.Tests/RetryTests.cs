using System.Net;
using System.Net.Sockets;
using System.Text;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

public sealed class RetryTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(429)]
    public async Task A_failure_that_another_endpoint_may_not_have_is_tried_there_with_the_whole_body(int status)
    {
        await using var bad = await UpstreamStub.JsonAsync("{}", status);
        await using var good = await UpstreamStub.JsonAsync(Answer);
        var tenant = new TestTenant(fixture.Control, fixture.Gateway);
        var (first, second) = (tenant.Pool("vllm", bad.Url), tenant.Pool("vllm", good.Url));
        tenant.PutPool(first);
        tenant.PutPool(second);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(first, second));
        await fixture.Gateway.ReachAsync(fixture.Control);

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("x-request-id").ShouldHaveSingleItem();
        good.Calls.Single().Body.ShouldBe(bad.Calls.Single().Body);
        good.Calls.Single().Headers["Content-Length"].ShouldBe(good.Calls.Single().Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var record = await tenant.RecordAsync();
        (record.Tries, record.PoolId, record.Status).ShouldBe((2, second.Id, 200));
    }

    [Fact]
    public async Task An_endpoint_that_refuses_connections_is_tried_once_and_then_avoided()
    {
        await using var good = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync(DeadUrl(), good.Url);

        for (var i = 0; i < 10; i++)
            (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(HttpStatusCode.OK);

        good.Calls.Count.ShouldBe(10);
        tenant.Records().Count.ShouldBe(10);
        tenant.Records().Sum(r => r.Tries).ShouldBeLessThan(16);
    }

    [Fact]
    public async Task A_request_that_reached_no_endpoint_was_not_dispatched_and_leaves_no_record()
    {
        var tenant = await fixture.TenantAsync(DeadUrl(), DeadUrl());

        using var response = await tenant.PostAsync(tenant.Body());

        ((int)response.StatusCode).ShouldBeGreaterThanOrEqualTo(500);
        tenant.Records().ShouldBeEmpty();
    }

    [Fact]
    public async Task No_more_than_three_endpoints_are_tried()
    {
        await using var upstream = await UpstreamStub.JsonAsync("{}", 503);
        var tenant = await fixture.TenantAsync(upstream.Url, upstream.Url, upstream.Url, upstream.Url);

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        response.Headers.GetValues("x-gateway-reason").Single().ShouldBe("upstream");
        (await Errors.CodeAsync(response)).ShouldBe(("server_error", "upstream_failed"));
        upstream.Calls.Count.ShouldBe(3);
        var record = await tenant.RecordAsync();
        (record.Tries, record.Status, record.InputTokens, record.ErrorCode).ShouldBe((3, 502, 0, "upstream_failed"));
    }

    [Fact]
    public async Task When_all_are_busy_the_caller_hears_so()
    {
        await using var upstream = await UpstreamStub.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "7";
            return Task.CompletedTask;
        });
        var tenant = await fixture.TenantAsync(upstream.Url);

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter!.ToString().ShouldBe("7");
        (await Errors.CodeAsync(response)).ShouldBe(("server_error", "slow_down"));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_fetched_elsewhere()
    {
        await using var breaking = await UpstreamStub.StartAsync(async (context, _) =>
        {
            context.Response.ContentLength = 1000;
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Answer[..20]));
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        await using var good = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync(breaking.Url, good.Url);

        for (var i = 0; i < 4; i++)
        {
            using var response = await tenant.PostAsync(tenant.Body());
            (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(Answer);
        }

        tenant.Records().Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_model_without_endpoints_answers_503_and_leaves_no_record()
    {
        var tenant = await fixture.TenantAsync();

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await Errors.CodeAsync(response)).ShouldBe(("server_error", "no_endpoint"));
        tenant.Records().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.0/8 0.0.0.0/0 ::/0")]
    public async Task A_tenants_own_pool_reaches_no_loopback_whatever_the_operator_allows(string allowedNetworks)
    {
        fixture.Control.Put(
            ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform,
            new PlatformDocument { Peppers = [fixture.Control.PepperEntry()], AllowedNetworks = allowedNetworks.Split(' ', StringSplitOptions.RemoveEmptyEntries) });
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = new TestTenant(fixture.Control, fixture.Gateway);
        var pool = tenant.Pool("openai", upstream.Url) with { AllowPrivateNetworks = false };
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pool));
        await fixture.Gateway.ReachAsync(fixture.Control);

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("127.0.0.1");
        upstream.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_an_upstreams_error_and_leads_nobody_anywhere(int status)
    {
        await using var target = await UpstreamStub.JsonAsync(Answer);
        await using var redirecting = await UpstreamStub.StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = target.Url + "v1/chat/completions";
            return Task.CompletedTask;
        });
        var tenant = await fixture.TenantAsync(redirecting.Url);

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        response.Headers.Location.ShouldBeNull();
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("127.0.0.1");
        (await Errors.CodeAsync(response)).ShouldBe(("server_error", "upstream_failed"));
        target.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pool_of_another_tenant_serves_nobody_else()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var owner = new TestTenant(fixture.Control, fixture.Gateway);
        var pool = owner.Pool("vllm", upstream.Url);
        owner.PutPool(pool);
        var thief = new TestTenant(fixture.Control, fixture.Gateway);
        thief.PutKeys(thief.KeyEntry());
        thief.Put(models: thief.ModelOn(pool));
        await fixture.Gateway.ReachAsync(fixture.Control);

        using var response = await thief.PostAsync(thief.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        upstream.Calls.ShouldBeEmpty();
    }

    private static Uri DeadUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }
}
