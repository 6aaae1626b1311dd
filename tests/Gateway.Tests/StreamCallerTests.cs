using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Usage;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Requests;
using Platform.Gateway.Routing;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>Callers that do not read, that wait, and that leave.</summary>
public sealed class StreamCallerTests : OwnGatewayTests
{
    private const string Word = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"},\"finish_reason\":null}]";
    private const string First = Word + ",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1}}\n\n";
    private const string Rest =
        "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7}}\n\ndata: [DONE]\n\n";

    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":9}}""";
    private const string Sign = ": keep-alive\n\n";

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_that_does_not_read_is_dropped_and_the_upstream_with_it()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waited = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        var (mostHeld, longest) = (0L, TimeSpan.Zero);
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            using var registration = context.RequestAborted.Register(cancelled.SetResult);
            await BeginAsync(context, First);
            var events = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(First, 100)));
            while (!cancelled.Task.IsCompleted)
            {
                var began = Stopwatch.GetTimestamp();
                await context.Response.Body.WriteAsync(events, CancellationToken.None);
                longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(began).Ticks));
                mostHeld = Math.Max(mostHeld, Held);
            }
            waited.SetResult(longest);
        });
        var tenant = await StartAsync("vllm", [upstream.Url], "Upstream:WriteSeconds=1", "Upstream:IdleSeconds=600");
        using var caller = await RawCaller.PostAsync(tenant, tenant.Body(stream: true));

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(15), Token);

        mostHeld.ShouldBeInRange(1, 256 * 1024);
        (await waited.Task.WaitAsync(TimeSpan.FromSeconds(15), Token)).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(300)); // it was not read from while the caller did not read
        var record = await tenant.RecordAsync();
        (record.Status, record.ErrorCode, record.UsageSource, record.OutputTokens).ShouldBe((499, "caller_too_slow", UsageSources.Partial, 1));
        Host!.Services.GetRequiredService<EndpointStates>().Look(record.EndpointId).Penalised.ShouldBeFalse();
        await Until.TrueAsync(() => Held == 0);
    }

    [Fact]
    public async Task A_whole_answer_that_nobody_reads_is_not_kept()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer.Replace("\"x\"", $"\"{new string('x', 20_000_000)}\"", StringComparison.Ordinal));
        var tenant = await StartAsync("vllm", [upstream.Url], "Upstream:WriteSeconds=1");
        using var caller = await RawCaller.PostAsync(tenant, tenant.Body());

        (await tenant.RecordAsync()).Status.ShouldBe(200);
        Held.ShouldBeGreaterThan(20_000_000);
        await Until.TrueAsync(() => Held == 0);

        await Should.ThrowAsync<Exception>(() => caller.ReadUntilAsync("\"completion_tokens\":9"));
    }

    [Fact]
    public async Task A_silent_stream_shows_that_it_lives_between_events()
    {
        var more = new TaskCompletionSource();
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await BeginAsync(context, First + Rest[..20]);
            await more.Task;
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Rest[20..]));
        });
        var tenant = await StartAsync("vllm", [upstream.Url], "Upstream:KeepAliveMilliseconds=30");
        using var response = await tenant.PostAsync(tenant.Body(stream: true));
        await using var stream = await response.Content.ReadAsStreamAsync(Token);

        (await ReadTextAsync(stream, Word.Length + 3 + (3 * Sign.Length))).ShouldBe(Word + "}\n\n" + Sign + Sign + Sign);
        more.SetResult();

        using var reader = new StreamReader(stream);
        (await reader.ReadToEndAsync(Token)).Replace(Sign, "", StringComparison.Ordinal).ShouldBe("data: [DONE]\n\n");
        (await tenant.RecordAsync()).OutputTokens.ShouldBe(7);
    }

    [Fact]
    public async Task Anthropics_callers_get_its_own_sign_of_life()
    {
        const string Start = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}\n\n";
        const string Ping = "event: ping\ndata: {\"type\":\"ping\"}\n\n";
        var more = new TaskCompletionSource();
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await BeginAsync(context, Start);
            await more.Task;
        });
        var tenant = await StartAsync("anthropic", [upstream.Url], "Upstream:KeepAliveMilliseconds=30");
        var body = tenant.Body(stream: true);
        using var caller = await RawCaller.PostAsync(tenant, body.Insert(body.Length - 1, ",\"max_tokens\":5"), "/v1/messages");

        var text = await caller.ReadUntilAsync(Ping);

        text.ShouldContain(Start);
        more.SetResult();
    }

    [Fact]
    public async Task A_sign_of_life_does_not_begin_an_answer_that_may_come_from_elsewhere()
    {
        var fail = new TaskCompletionSource();
        await using var failing = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await BeginAsync(context, "");
            await fail.Task;
            context.Abort();
        });
        await using var silent = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await BeginAsync(context, First);
            await fail.Task;
        });
        await using var good = await UpstreamStub.EventsAsync(First + Rest);
        var tenant = await StartAsync("vllm", [silent.Url], "Upstream:KeepAliveMilliseconds=30");
        var other = new TestTenant(Control, Host!);
        var (first, second) = (other.Pool("vllm", failing.Url), other.Pool("vllm", good.Url));
        other.PutPool(first);
        other.PutPool(second);
        other.PutKeys(other.KeyEntry());
        other.Put(models: other.ModelOn(first, second));
        await Host!.ReachAsync(Control);
        var waiting = other.PostAsync(other.Body(stream: true));
        await Until.TrueAsync(() => failing.Calls.Count == 1);

        using var clock = await RawCaller.PostAsync(tenant, tenant.Body(stream: true));
        await clock.ReadUntilAsync(string.Concat(Enumerable.Repeat($"{Sign.Length:x}\r\n{Sign}\r\n", 4))); // four times the silence has passed
        fail.SetResult();

        using var response = await waiting;
        (await response.Content.ReadAsStringAsync(Token)).ShouldBe(Word + "}\n\ndata: [DONE]\n\n");
        (await other.RecordAsync()).Tries.ShouldBe(2);
    }

    [Fact]
    public async Task Where_a_sign_of_life_begins_the_answer_nobody_else_is_tried()
    {
        var fail = new TaskCompletionSource();
        await using var failing = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await BeginAsync(context, "");
            await fail.Task;
            context.Abort();
        });
        var tenant = await StartAsync("vllm", [failing.Url, failing.Url], "Upstream:KeepAliveMilliseconds=30", "Upstream:KeepAliveBeginsAnswer=true");
        using var response = await tenant.PostAsync(tenant.Body(stream: true));
        await using var stream = await response.Content.ReadAsStreamAsync(Token);

        (await ReadTextAsync(stream, Sign.Length)).ShouldBe(Sign);
        fail.SetResult();

        using var reader = new StreamReader(stream);
        (await reader.ReadToEndAsync(Token)).ShouldContain("\"code\":\"upstream_failed\"");
        failing.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_upstream_hears_within_100_ms_that_the_caller_left()
    {
        var left = new TaskCompletionSource<long>();
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            using var registration = context.RequestAborted.Register(() => left.TrySetResult(Stopwatch.GetTimestamp()));
            await BeginAsync(context, First);
            await left.Task;
        });
        var tenant = await StartAsync("vllm", [upstream.Url]);
        var times = new List<TimeSpan>();
        for (var i = 0; i < 9; i++)
        {
            left = new(TaskCreationOptions.RunContinuationsAsynchronously);
            using var caller = await RawCaller.PostAsync(tenant, tenant.Body(stream: true));
            await caller.ReadUntilAsync("word ");
            var leftAt = Stopwatch.GetTimestamp();
            caller.Leave();
            times.Add(Stopwatch.GetElapsedTime(leftAt, await left.Task.WaitAsync(TimeSpan.FromSeconds(10), Token)));
        }

        times.Order().ElementAt(4).ShouldBeLessThan(TimeSpan.FromMilliseconds(100)); // the median: the machine may be busy
        await Until.TrueAsync(() => tenant.Records().Count == 9);
        tenant.Records().ShouldAllBe(r => r.Status == 499 && r.ErrorCode == "caller_left" && r.UsageSource == UsageSources.Partial);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task Where_the_rest_is_wanted_the_usage_is_the_providers_last_word(bool stream, bool begun)
    {
        var more = new TaskCompletionSource();
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            if (stream && begun)
                await BeginAsync(context, First);
            await more.Task;
            context.Response.ContentType ??= stream ? "text/event-stream" : "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(stream ? Rest : Answer));
        });
        var tenant = await StartAsync("vllm", [upstream.Url], "Upstream:OnDisconnect=Finish");
        var caller = await RawCaller.PostAsync(tenant, tenant.Body(stream));
        await (begun ? caller.ReadUntilAsync("word ") : Until.TrueAsync(() => upstream.Calls.Count == 1));

        caller.Leave();
        await Until.TrueAsync(() => Detached == 1);
        tenant.Records().ShouldBeEmpty();
        more.SetResult();

        var record = await tenant.RecordAsync();
        (record.Status, record.ErrorCode, record.UsageSource, record.OutputTokens, record.Tries)
            .ShouldBe((499, "caller_left", UsageSources.Provider, stream ? 7 : 9, 1));
        await Until.TrueAsync(() => Detached == 0);
    }

    [Fact]
    public async Task More_callers_than_may_are_not_waited_for()
    {
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await BeginAsync(context, First);
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var tenant = await StartAsync("vllm", [upstream.Url], "Upstream:OnDisconnect=Finish", "Upstream:MaxDetached=1");
        foreach (var expected in new[] { 0, 1 })
        {
            var caller = await RawCaller.PostAsync(tenant, tenant.Body(stream: true));
            await caller.ReadUntilAsync("word ");
            caller.Leave();
            await Until.TrueAsync(() => Detached == 1 && tenant.Records().Count == expected);
        }

        tenant.Records().ShouldHaveSingleItem().UsageSource.ShouldBe(UsageSources.Partial);
    }

    private long Held => Host!.Services.GetRequiredService<BufferBudget>().Used;

    private int Detached => Host!.Services.GetRequiredService<DetachedReads>().Count;

    private async Task<TestTenant> StartAsync(string engine, Uri[] endpoints, params string[] settings)
    {
        Host = await GatewayHost.StartAsync(Control.Url, Control.Token, null, settings);
        await Host.ReadyAsync();
        var tenant = new TestTenant(Control, Host);
        var pool = tenant.Pool(engine, endpoints);
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pool));
        await Host.ReachAsync(Control);
        return tenant;
    }

    private static async Task BeginAsync(HttpContext context, string events)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.StartAsync();
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(events));
        await context.Response.Body.FlushAsync();
    }

    private static async Task<string> ReadTextAsync(Stream stream, int length)
    {
        var buffer = new byte[length];
        await stream.ReadExactlyAsync(buffer, Token);
        return Encoding.UTF8.GetString(buffer);
    }
}
