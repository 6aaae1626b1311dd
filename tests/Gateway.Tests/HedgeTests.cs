using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Usage;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>A second try beside one that is silent, where a model asks for it.</summary>
public sealed class HedgeTests : IAsyncLifetime
{
    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";
    private const string Events = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}\n\ndata: [DONE]\n\n";

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private readonly FakeControl _control = new();
    private readonly List<UpstreamStub> _endpoints = [];
    private GatewayHost? _gateway;
    private int _calls;

    public async ValueTask InitializeAsync()
    {
        await _control.StartAsync();
        _control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument { Peppers = [_control.PepperEntry()] });
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        foreach (var endpoint in _endpoints)
            await endpoint.DisposeAsync();
        await _control.DisposeAsync();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task The_one_that_answers_first_wins_and_the_other_is_cancelled(bool stream, bool hasHead)
    {
        var cancelled = new TaskCompletionSource<long>();
        var tenant = await StartAsync(
            async context =>
            {
                if (hasHead)
                    await BeginAsync(context, stream);
                await SilenceAsync(context);
                cancelled.SetResult(Stopwatch.GetTimestamp());
            },
            context => AnswerAsync(context, stream));

        using var response = await tenant.PostAsync(tenant.Body(stream));
        var answered = Stopwatch.GetTimestamp();
        (await response.Content.ReadAsStringAsync(Token)).ShouldBe(stream ? Events.Replace("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}\n\n", "", StringComparison.Ordinal) : Answer);

        Stopwatch.GetElapsedTime(answered, await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), Token)).ShouldBeLessThan(TimeSpan.FromMilliseconds(500));
        var record = await tenant.RecordAsync();
        (record.Tries, record.InputTokens, record.OutputTokens, record.UsageSource, record.ErrorCode).ShouldBe((2, 1, 1, UsageSources.Provider, null));
        var attempts = record.Attempts.ShouldNotBeNull();
        attempts.Select(a => (a.ErrorCode, a.InputTokens, a.OutputTokens)).ShouldBe([("hedged", 0, 0), (null, 0, 0)]);
        attempts[1].EndpointId.ShouldBe(record.EndpointId);
        attempts[0].EndpointId.ShouldNotBe(record.EndpointId);
        // The clock of timers goes in steps of some milliseconds (CLOCK_MONOTONIC_COARSE).
        attempts[0].Ms.ShouldBeGreaterThan(40);
        _endpoints.SelectMany(e => e.Calls).Select(c => c.Text).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_first_may_still_win()
    {
        var second = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var tenant = await StartAsync(
            async context =>
            {
                await second.Task;
                await AnswerAsync(context, stream: false);
            },
            async context =>
            {
                second.SetResult();
                await SilenceAsync(context);
                cancelled.SetResult();
            });

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
        var record = await tenant.RecordAsync();
        record.Tries.ShouldBe(2);
        var attempts = record.Attempts.ShouldNotBeNull();
        attempts.Select(a => a.ErrorCode).ShouldBe(["hedged", null]);
        attempts[1].EndpointId.ShouldBe(record.EndpointId);
    }

    [Fact]
    public async Task One_that_fails_does_not_win()
    {
        var second = new TaskCompletionSource();
        var failed = new TaskCompletionSource();
        var tenant = await StartAsync(
            async context =>
            {
                await second.Task;
                context.Response.StatusCode = 503;
                await context.Response.CompleteAsync();
                failed.SetResult();
            },
            async context =>
            {
                second.SetResult();
                await failed.Task;
                await AnswerAsync(context, stream: false);
            });

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var attempts = (await tenant.RecordAsync()).Attempts.ShouldNotBeNull();
        attempts.Count.ShouldBe(2);
        attempts[0].ErrorCode.ShouldBeOneOf("upstream_failed", "hedged"); // its answer may not have come when the other's did
        attempts[1].ErrorCode.ShouldBeNull();
    }

    [Fact]
    public async Task Where_both_fail_the_caller_hears_it_and_both_are_told()
    {
        var second = new TaskCompletionSource();
        var tenant = await StartAsync(
            async context =>
            {
                await second.Task;
                context.Response.StatusCode = 503;
            },
            context =>
            {
                second.SetResult();
                context.Response.StatusCode = 503;
                return Task.CompletedTask;
            });

        using var response = await tenant.PostAsync(tenant.Body());

        (await Tests.Errors.CodeAsync(response)).ShouldBe(("server_error", "upstream_failed"));
        (await tenant.RecordAsync()).Attempts.ShouldNotBeNull().Select(a => a.ErrorCode).ShouldBe(["upstream_failed", "upstream_failed"]);
    }

    [Fact]
    public async Task One_that_answers_in_time_has_none_beside_it()
    {
        var tenant = await StartAsync(60_000, context => AnswerAsync(context, stream: false), SilenceAsync);

        (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await tenant.RecordAsync()).Attempts.ShouldBeNull();
        _calls.ShouldBe(1);
    }

    [Theory]
    [InlineData(null, "Routing:RetryPercent=20")]
    [InlineData(50, "Routing:RetryPercent=0", "Routing:MinRetriesPerSecond=0")]
    [InlineData(50, "Routing:MaxTries=1")]
    public async Task Without_the_models_word_or_a_budget_there_is_none(int? after, params string[] settings)
    {
        var tenant = await StartAsync(
            after,
            async context =>
            {
                await Task.Delay(300, Token);
                await AnswerAsync(context, stream: false);
            },
            SilenceAsync,
            settings);

        (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await tenant.RecordAsync()).Tries.ShouldBe(1);
        _calls.ShouldBe(1);
    }

    [Fact]
    public void What_is_paid_by_the_piece_has_none()
    {
        foreach (var operation in new[] { Operations.ImageGeneration, Operations.ImageEdit, Operations.ImageVariation, Operations.Speech, Operations.Transcription, Operations.Translation })
            Hedges.Covers(operation).ShouldBeFalse(operation);
        Hedges.Covers(Operations.Chat).ShouldBeTrue();
    }

    private static async Task AnswerAsync(HttpContext context, bool stream)
    {
        await BeginAsync(context, stream);
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(stream ? Events : Answer));
    }

    private static Task BeginAsync(HttpContext context, bool stream)
    {
        context.Response.ContentType = stream ? "text/event-stream" : "application/json";
        return context.Response.StartAsync(Token);
    }

    /// <summary>Until the caller is gone.</summary>
    private static Task SilenceAsync(HttpContext context) =>
        Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    private Task<TestTenant> StartAsync(Func<HttpContext, Task> first, Func<HttpContext, Task> second) => StartAsync(50, first, second);

    /// <summary>Two endpoints in one pool: whichever is asked first does what the first is told.</summary>
    private async Task<TestTenant> StartAsync(int? after, Func<HttpContext, Task> first, Func<HttpContext, Task> second, params string[] settings)
    {
        for (var i = 0; i < 2; i++)
            _endpoints.Add(await UpstreamStub.StartAsync((context, _) => Interlocked.Increment(ref _calls) == 1 ? first(context) : second(context)));
        _gateway = await GatewayHost.StartAsync(_control.Url, _control.Token, null, settings);
        await _gateway.ReadyAsync();
        var tenant = new TestTenant(_control, _gateway);
        var pool = tenant.Pool("vllm", [.. _endpoints.Select(e => e.Url)]);
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pool) with { Routing = new(HedgeAfterMs: after) });
        await _gateway.ReachAsync(_control);
        return tenant;
    }
}
