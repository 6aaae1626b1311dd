using System.Net;
using System.Text;
using Platform.Contracts.Configuration;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

public sealed class DrainingTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";

    [Fact]
    public async Task An_endpoint_that_drains_gets_no_new_request_and_finishes_those_it_has()
    {
        var more = new TaskCompletionSource();
        await using var leaving = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await more.Task;
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Answer));
        });
        await using var staying = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync();
        var pool = tenant.Pool("vllm", leaving.Url);
        tenant.PutPool(pool);
        tenant.Put(models: tenant.ModelOn(pool));
        await fixture.Gateway.ReachAsync(fixture.Control);
        var running = tenant.PostAsync(tenant.Body());
        await Until.TrueAsync(() => leaving.Calls.Count == 1);

        var other = tenant.Pool("vllm", staying.Url).Endpoints[0];
        tenant.PutPool(pool with { Endpoints = [pool.Endpoints[0] with { Draining = true, Capacity = 8 }, other] });
        await fixture.Gateway.ReachAsync(fixture.Control);

        for (var i = 0; i < 10; i++)
            (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(HttpStatusCode.OK);
        more.SetResult();
        (await running).StatusCode.ShouldBe(HttpStatusCode.OK);
        (leaving.Calls.Count, staying.Calls.Count).ShouldBe((1, 10));
        fixture.Gateway.Snapshot!.Pools[pool.Id].Endpoints[0].Capacity.ShouldBe(8);
    }

    [Fact]
    public async Task When_a_pool_drains_whole_the_next_tier_serves_and_after_the_last_nobody()
    {
        await using var draining = await UpstreamStub.JsonAsync(Answer);
        await using var fallback = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync();
        var (first, second) = (Drained(tenant.Pool("vllm", draining.Url)), tenant.Pool("vllm", fallback.Url));
        tenant.PutPool(first);
        tenant.PutPool(second);
        tenant.Put(models: tenant.ModelOn(first, second));
        await fixture.Gateway.ReachAsync(fixture.Control);

        (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(HttpStatusCode.OK);
        tenant.PutPool(Drained(second));
        await fixture.Gateway.ReachAsync(fixture.Control);
        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await Errors.CodeAsync(response)).ShouldBe(("server_error", "no_endpoint"));
        response.Headers.GetValues("x-gateway-reason").Single().ShouldBe("us");
        (draining.Calls.Count, fallback.Calls.Count).ShouldBe((0, 1));
        tenant.Records().ShouldHaveSingleItem();
    }

    private static PoolDocument Drained(PoolDocument pool) =>
        pool with { Endpoints = [.. pool.Endpoints.Select(e => e with { Draining = true })] };
}
