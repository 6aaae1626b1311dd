using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Platform.Contracts.Usage;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

public sealed class ChatStreamTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Word = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"},\"finish_reason\":null}]";
    private const string Last = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]";
    private const string Final = "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2,\"total_tokens\":7}}\n\n";
    private const string Done = "data: [DONE]\n\n";

    private static readonly string Engine =
        Word + ",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1}}\n\n" + Last + ",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}\n\n" + Final + Done;

    [Fact]
    public async Task A_caller_that_did_not_ask_for_usage_sees_none()
    {
        await using var upstream = await UpstreamStub.EventsAsync(Engine);
        var tenant = await fixture.TenantAsync(upstream.Url);

        using var response = await tenant.PostAsync(tenant.Body(stream: true));

        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(Word + "}\n\n" + Last + "}\n\n" + Done);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        upstream.Calls.Single().Text.ShouldContain("\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true}");
        var record = tenant.Records().ShouldHaveSingleItem();
        (record.InputTokens, record.OutputTokens, record.UsageSource, record.FinishReason, record.Streamed, record.Status)
            .ShouldBe((5, 2, UsageSources.Provider, "stop", true, 200));
        record.FirstTokenMs!.Value.ShouldBeLessThanOrEqualTo(record.TotalMs);
    }

    [Fact]
    public async Task A_caller_that_asked_gets_null_in_each_chunk_and_one_usage_chunk()
    {
        await using var upstream = await UpstreamStub.EventsAsync(Engine);
        var tenant = await fixture.TenantAsync(upstream.Url);

        using var response = await tenant.PostAsync(tenant.Body(stream: true, """{"include_usage":true}"""));

        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .ShouldBe(Word + ",\"usage\":null}\n\n" + Last + ",\"usage\":null}\n\n" + Final + Done);
    }

    [Fact]
    public async Task Other_engines_are_not_asked_for_continuous_usage()
    {
        await using var upstream = await UpstreamStub.EventsAsync(Last + "}\n\n" + Final + Done);
        var tenant = await fixture.TenantAsync("llamacpp", upstream.Url);

        using var response = await tenant.PostAsync(tenant.Body(stream: true));

        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(Last + "}\n\n" + Done);
        upstream.Calls.Single().Text.ShouldContain("\"stream_options\":{\"include_usage\":true}}");
    }

    [Fact]
    public async Task Each_event_arrives_at_once_and_the_record_before_the_end()
    {
        var more = new TaskCompletionSource();
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await BeginAsync(context, Word + "}\n\n");
            await more.Task;
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Last + "}\n\n" + Final + Done));
        });
        var tenant = await fixture.TenantAsync(upstream.Url);
        using var response = await tenant.PostAsync(tenant.Body(stream: true));
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);

        (await ReadTextAsync(stream, (Word + "}\n\n").Length)).ShouldBe(Word + "}\n\n");
        tenant.Records().ShouldBeEmpty();
        more.SetResult();
        await ReadTextAsync(stream, (Last + "}\n\n" + Done).Length);

        tenant.Records().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_stream_whose_upstream_dies_ends_with_an_error_and_without_done()
    {
        var seen = new TaskCompletionSource();
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await BeginAsync(context, Word + ",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1}}\n\n" + "data: {\"half");
            await seen.Task;
            context.Abort();
        });
        var tenant = await fixture.TenantAsync(upstream.Url, upstream.Url);

        using var response = await tenant.PostAsync(tenant.Body(stream: true));
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await ReadTextAsync(stream, (Word + "}\n\n").Length);
        seen.SetResult();

        using var rest = new StreamReader(stream);
        var text = await rest.ReadToEndAsync(TestContext.Current.CancellationToken);
        text.ShouldStartWith("data: {\"error\":{\"message\":");
        text.ShouldContain("\"code\":\"upstream_failed\"");
        text.ShouldNotContain("[DONE]");
        upstream.Calls.Count.ShouldBe(1);
        var record = await tenant.RecordAsync();
        (record.Status, record.ErrorCode, record.UsageSource, record.OutputTokens).ShouldBe((200, "upstream_failed", UsageSources.Partial, 1));
    }

    [Fact]
    public async Task A_stream_that_dies_before_its_first_event_is_tried_elsewhere()
    {
        await using var dying = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await BeginAsync(context, "");
            context.Abort();
        });
        await using var living = await UpstreamStub.EventsAsync(Engine);
        var tenant = await fixture.TenantAsync(dying.Url, living.Url);

        for (var i = 0; i < 4; i++)
        {
            using var response = await tenant.PostAsync(tenant.Body(stream: true));
            (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldEndWith(Done);
        }

        tenant.Records().Count.ShouldBe(4);
        tenant.Records().ShouldAllBe(r => r.OutputTokens == 2 && r.Status == 200);
        living.Calls.ShouldAllBe(c => c.Text.Contains("\"messages\""));
    }

    [Fact]
    public async Task A_caller_that_leaves_cancels_the_upstream_and_pays_for_what_was_made()
    {
        var left = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await BeginAsync(context, Word + ",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1}}\n\n");
            using var registration = context.RequestAborted.Register(() => left.TrySetResult(Environment.TickCount64));
            await left.Task;
        });
        var tenant = await fixture.TenantAsync(upstream.Url);
        using var socket = new TcpClient();
        await socket.ConnectAsync(fixture.Gateway.Url.Host, fixture.Gateway.Url.Port, TestContext.Current.CancellationToken);
        var body = tenant.Body(stream: true);
        await socket.GetStream().WriteAsync(
            Encoding.UTF8.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.Key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"),
            TestContext.Current.CancellationToken);
        await ReadUntilAsync(socket.GetStream(), "word ");

        var leftAt = Environment.TickCount64;
        socket.Close();

        (await left.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken) - leftAt).ShouldBeLessThan(1000);
        var record = await tenant.RecordAsync();
        (record.Status, record.UsageSource, record.InputTokens, record.OutputTokens, record.ErrorCode)
            .ShouldBe((499, UsageSources.Partial, 5, 1, "caller_left"));
    }

    [Fact]
    public async Task A_caller_that_leaves_before_anything_came_leaves_an_estimate()
    {
        var arrived = new TaskCompletionSource();
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var tenant = await fixture.TenantAsync(upstream.Url);
        using var leaving = new CancellationTokenSource();
        var sending = fixture.Gateway.Http.SendAsync(tenant.Request(tenant.Body()), leaving.Token);
        await arrived.Task;

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => sending);
        var record = await tenant.RecordAsync();
        (record.Status, record.UsageSource, record.OutputTokens).ShouldBe((499, UsageSources.Estimated, 0));
    }

    /// <summary>An engine that says no more afterwards has said it all: its caller is not told twice.</summary>
    [Theory]
    [InlineData(Done)]
    [InlineData("")]
    public async Task An_error_that_the_engine_tells_in_the_stream_goes_through(string end)
    {
        const string Error = "data: {\"error\":{\"message\":\"boom\",\"type\":\"server_error\",\"param\":null,\"code\":null}}\n\n";
        await using var upstream = await UpstreamStub.EventsAsync(Word + "}\n\n" + Error + end);
        var tenant = await fixture.TenantAsync(upstream.Url);

        using var response = await tenant.PostAsync(tenant.Body(stream: true));

        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(Word + "}\n\n" + Error + end);
        (await tenant.RecordAsync()).ErrorCode.ShouldBe("upstream_failed");
    }

    [Fact]
    public async Task A_refusal_of_a_stream_is_not_a_stream()
    {
        await using var upstream = await UpstreamStub.JsonAsync("""{"error":{"message":"no","type":"invalid_request_error","param":null,"code":null}}""", 400);
        var tenant = await fixture.TenantAsync(upstream.Url);

        using var response = await tenant.PostAsync(tenant.Body(stream: true));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
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
        await stream.ReadExactlyAsync(buffer, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(buffer);
    }

    private static async Task ReadUntilAsync(NetworkStream stream, string text)
    {
        var seen = "";
        var buffer = new byte[4096];
        while (!seen.Contains(text))
            seen += Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, TestContext.Current.CancellationToken));
    }
}
