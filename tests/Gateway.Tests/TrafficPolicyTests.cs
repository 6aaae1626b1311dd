using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Usage;
using Platform.Gateway.Configuration;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>What tenants and models choose for their requests, beside an agent whose settings say otherwise.</summary>
public sealed class TrafficPolicyTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":9}}""";
    private const string TooLong = """{"error":{"message":"x","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""";

    [Theory]
    [InlineData(DisconnectActions.Finish, UsageSources.Provider)]
    [InlineData(DisconnectActions.Cancel, UsageSources.Estimated)]
    [InlineData(null, UsageSources.Estimated)]
    public async Task A_tenant_says_what_becomes_of_an_answer_whose_caller_left(string? onDisconnect, string source)
    {
        var more = new TaskCompletionSource();
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await Task.WhenAny(more.Task, Task.Delay(Timeout.Infinite, context.RequestAborted));
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Answer), CancellationToken.None);
        });
        var tenant = await TenantAsync(d => d with { Traffic = new() { OnDisconnect = onDisconnect } }, null, upstream.Url);
        var caller = await RawCaller.PostAsync(tenant, tenant.Body());
        await Until.TrueAsync(() => upstream.Calls.Count == 1);

        caller.Leave();
        if (onDisconnect == DisconnectActions.Finish)
        {
            await Until.TrueAsync(() => fixture.Gateway.Services.GetRequiredService<DetachedReads>().Count == 1);
            more.SetResult();
        }

        var record = await tenant.RecordAsync();
        (record.Status, record.UsageSource).ShouldBe((499, source));
    }

    [Theory]
    [InlineData(1, 200)]
    [InlineData(0, 0)]
    public async Task A_model_says_how_long_one_try_may_take(int seconds, int status)
    {
        await using var slow = await UpstreamStub.StartAsync((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        await using var good = await UpstreamStub.JsonAsync(Answer);
        var tenant = await TenantAsync(d => d, new(TrySeconds: seconds), slow.Url, good.Url);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(status == 0 ? 2 : 20));

        var asking = fixture.Gateway.Http.SendAsync(tenant.Request(tenant.Body()), deadline.Token);

        if (status == 0)
            await Should.ThrowAsync<OperationCanceledException>(asking);
        else
            (await asking).StatusCode.ShouldBe((HttpStatusCode)status);
        good.Calls.Count.ShouldBe(status == 0 ? 0 : 1);
    }

    [Theory]
    [InlineData(true, HttpStatusCode.OK)]
    [InlineData(false, HttpStatusCode.BadRequest)]
    [InlineData(null, HttpStatusCode.BadRequest)]
    public async Task A_model_says_whether_a_prompt_too_long_is_tried_in_a_later_tier(bool? falls, HttpStatusCode status)
    {
        await using var small = await UpstreamStub.JsonAsync(TooLong, 400);
        await using var large = await UpstreamStub.JsonAsync(Answer);
        var tenant = await TenantAsync(d => d, new(FallBackOnContextLength: falls), small.Url, large.Url);

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(status);
    }

    [Fact]
    public void What_nobody_says_is_the_agents_setting_and_what_is_said_is_not()
    {
        var policies = new RequestPolicies(new() { OnDisconnect = OnDisconnect.Finish, TrySeconds = 7 }, new() { FallBackOnContextLength = true });
        var silent = new TenantModel(TenantId.New(), "s", false, ModelTable.Empty);
        var model = new ModelEntry(ModelId.New(), ModelName.Parse("m"), "s", DateTimeOffset.UnixEpoch, []);

        policies.Of(silent, model).ShouldBe(new(OnDisconnect.Finish, TimeSpan.FromSeconds(7), true, null));
        policies.Of(silent with { Traffic = TrafficModel.Of(new()) }, model with { Routing = new() })
            .ShouldBe(new(OnDisconnect.Finish, TimeSpan.FromSeconds(7), true, null));
        policies.Of(silent with { Traffic = TrafficModel.Of(new() { OnDisconnect = DisconnectActions.Cancel }) }, model with { Routing = new(0, false, 250) })
            .ShouldBe(new(OnDisconnect.Cancel, null, false, TimeSpan.FromMilliseconds(250)));
    }

    [Fact]
    public void Looking_a_policy_up_allocates_nothing()
    {
        var policies = new RequestPolicies(new(), new());
        var tenant = new TenantModel(TenantId.New(), "s", false, ModelTable.Empty) { Traffic = TrafficModel.Of(new() { OnDisconnect = DisconnectActions.Finish }) };
        var model = new ModelEntry(ModelId.New(), ModelName.Parse("m"), "s", DateTimeOffset.UnixEpoch, [], Routing: new(5, true, 250));
        policies.Of(tenant, model);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            policies.Of(tenant, model);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);
    }

    /// <summary>A tenant whose model has an endpoint in each tier.</summary>
    private async Task<TestTenant> TenantAsync(Func<TenantDocument, TenantDocument> change, ModelRouting? routing, params Uri[] tiers)
    {
        var tenant = new TestTenant(fixture.Control, fixture.Gateway);
        var pools = tiers.Select(t => tenant.Pool("vllm", t)).ToArray();
        foreach (var pool in pools)
            tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(change(tenant.Document(tenant.ModelOn(pools) with { Routing = routing })));
        await fixture.Gateway.ReachAsync(fixture.Control);
        return tenant;
    }
}
