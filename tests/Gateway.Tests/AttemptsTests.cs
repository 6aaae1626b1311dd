using System.Net;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Usage;
using Platform.Gateway.Answers;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>What a usage record tells of the tries that a request took.</summary>
public sealed class AttemptsTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";
    private const string Counted = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}\n\n";
    private const string Content = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n";
    private const string Whole = Content + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\ndata: [DONE]\n\n";

    [Fact]
    public async Task Of_a_first_try_that_answered_there_is_nothing_to_tell()
    {
        await using var good = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync(good.Url);

        (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await tenant.RecordAsync()).Attempts.ShouldBeNull();
    }

    [Fact]
    public async Task Each_try_is_told_in_its_order()
    {
        await using var bad = await UpstreamStub.JsonAsync("{}", 503);
        await using var busy = await UpstreamStub.JsonAsync("{}", 429);
        await using var good = await UpstreamStub.JsonAsync(Answer);
        var (tenant, pools) = await TenantAsync(bad.Url, busy.Url, good.Url);

        (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(HttpStatusCode.OK);

        var attempts = (await tenant.RecordAsync()).Attempts.ShouldNotBeNull();
        attempts.Select(a => a.ErrorCode).ShouldBe(["upstream_failed", "slow_down", null]);
        attempts.Select(a => a.PoolId).ShouldBe(pools.Select(p => p.Id));
        attempts.Select(a => a.EndpointId).ShouldBe(pools.Select(p => p.Endpoints[0].Id));
        attempts.ShouldAllBe(a => a.Ms > 0 && a.InputTokens == 0 && a.OutputTokens == 0);
    }

    [Fact]
    public async Task A_try_that_broke_before_the_caller_got_anything_keeps_what_it_had_counted()
    {
        await using var breaking = await UpstreamStub.EventsAsync(Counted);
        await using var good = await UpstreamStub.EventsAsync(Whole);
        var (tenant, _) = await TenantAsync(breaking.Url, good.Url);

        using var response = await tenant.PostAsync(tenant.Body(stream: true));
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldEndWith("data: [DONE]\n\n");

        var record = await tenant.RecordAsync();
        (record.InputTokens, record.OutputTokens, record.UsageSource).ShouldBe((3, 1, UsageSources.Provider));
        record.Attempts.ShouldNotBeNull().Select(a => (a.ErrorCode, a.InputTokens, a.OutputTokens)).ShouldBe([("upstream_failed", 7, 2), (null, 0, 0)]);
    }

    [Fact]
    public async Task A_body_that_broke_on_its_way_to_the_caller_is_told_with_its_counts()
    {
        await using var breaking = await UpstreamStub.EventsAsync(Content + Counted);
        var (tenant, pools) = await TenantAsync(breaking.Url);

        using var response = await tenant.PostAsync(tenant.Body(stream: true));
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("upstream_failed");

        var record = await tenant.RecordAsync();
        (record.InputTokens, record.OutputTokens).ShouldBe((7, 2));
        var attempt = record.Attempts.ShouldNotBeNull().ShouldHaveSingleItem();
        (attempt.EndpointId, attempt.ErrorCode, attempt.InputTokens, attempt.OutputTokens).ShouldBe((pools[0].Endpoints[0].Id, "upstream_failed", 7, 2));
    }

    [Fact]
    public void Of_too_many_tries_the_last_ones_are_told()
    {
        var tries = Enumerable.Range(0, UsageRecord.MaxAttempts + 3)
            .Select(i => new TriedEndpoint(PoolId.New(), EndpointId.New(), "upstream_failed", i, new UsageCount(i, 0, 0, 0, 0, 0))).ToArray();

        var told = TriedEndpoint.ToRecord(tries).ShouldNotBeNull();

        told.Select(a => a.Ms).ShouldBe(Enumerable.Range(3, UsageRecord.MaxAttempts).Select(i => (double)i));
    }

    /// <summary>A tenant whose model has a pool in each tier, with one endpoint.</summary>
    private async Task<(TestTenant Tenant, PoolDocument[] Pools)> TenantAsync(params Uri[] endpoints)
    {
        var tenant = new TestTenant(fixture.Control, fixture.Gateway);
        var pools = endpoints.Select(e => tenant.Pool("vllm", e)).ToArray();
        foreach (var pool in pools)
            tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pools));
        await fixture.Gateway.ReachAsync(fixture.Control);
        return (tenant, pools);
    }
}
