using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Platform.Contracts.Configuration;
using Platform.Contracts.Usage;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

public sealed class SuspensionTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Word = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"},\"finish_reason\":null}]";
    private const string Seen = Word + "}\n\n";

    private static readonly string Rest =
        "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_suspension_that_ends_streams_ends_them_with_an_error_and_a_record()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        var tenant = await fixture.TenantAsync(upstream.Url);
        using var response = await tenant.PostAsync(tenant.Body(stream: true));
        await using var stream = await response.Content.ReadAsStreamAsync(Token);
        await ReadAsync(stream);

        tenant.Put(Document(tenant) with { Suspended = true, EndsStreams = true });
        await fixture.Gateway.ReachAsync(fixture.Control);
        var clock = Stopwatch.GetTimestamp();
        using var rest = new StreamReader(stream);
        var text = await rest.ReadToEndAsync(Token);
        await upstream.Cancelled.WaitAsync(TimeSpan.FromSeconds(5), Token);

        Stopwatch.GetElapsedTime(clock).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        text.ShouldStartWith("data: {\"error\":{\"message\":");
        text.ShouldContain("\"code\":\"tenant_suspended\"");
        text.ShouldNotContain("[DONE]");
        var record = await tenant.RecordAsync();
        (record.Status, record.ErrorCode, record.UsageSource, record.OutputTokens).ShouldBe((200, "tenant_suspended", UsageSources.Partial, 1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_suspension_that_ends_streams_reaches_requests_that_wait_for_their_first_byte(bool stream)
    {
        var arrived = new TaskCompletionSource();
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var tenant = await fixture.TenantAsync(upstream.Url, upstream.Url);
        var sending = tenant.PostAsync(tenant.Body(stream));
        await arrived.Task;

        tenant.Put(Document(tenant) with { Suspended = true, EndsStreams = true });
        await fixture.Gateway.ReachAsync(fixture.Control);
        using var response = await sending.WaitAsync(TimeSpan.FromSeconds(1), Token);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Errors.CodeAsync(response)).ShouldBe(("invalid_request_error", "tenant_suspended"));
        upstream.Calls.Count.ShouldBe(1);
        (await tenant.RecordAsync()).ErrorCode.ShouldBe("tenant_suspended");
    }

    [Fact]
    public async Task A_caller_that_does_not_read_keeps_no_upstream_running()
    {
        await using var upstream = await RunningUpstream.StartAsync(floods: true);
        var tenant = await fixture.TenantAsync(upstream.Url);
        using var response = await tenant.PostAsync(tenant.Body(stream: true));
        await Until.TrueAsync(() => upstream.IsStuck);

        tenant.Put(Document(tenant) with { Suspended = true, EndsStreams = true });
        await fixture.Gateway.ReachAsync(fixture.Control);

        await upstream.Cancelled.WaitAsync(TimeSpan.FromSeconds(1), Token);
        (await tenant.RecordAsync()).ErrorCode.ShouldBe("tenant_suspended");
    }

    [Theory]
    [InlineData(true, false)] // suspended
    [InlineData(false, false)] // gone, and its last document did not say that streams end
    public async Task Else_a_stream_runs_to_its_end_and_no_other_begins(bool suspended, bool endsStreams)
    {
        await using var upstream = await RunningUpstream.StartAsync();
        var tenant = await fixture.TenantAsync(upstream.Url);
        using var response = await tenant.PostAsync(tenant.Body(stream: true));
        await using var stream = await response.Content.ReadAsStreamAsync(Token);
        await ReadAsync(stream);

        tenant.Put(suspended ? Document(tenant) with { Suspended = true, EndsStreams = endsStreams } : null);
        await fixture.Gateway.ReachAsync(fixture.Control);
        (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(suspended ? HttpStatusCode.Forbidden : HttpStatusCode.Unauthorized);
        upstream.GoOn();

        using var rest = new StreamReader(stream);
        (await rest.ReadToEndAsync(Token)).ShouldBe(Rest);
        (await tenant.RecordAsync()).ErrorCode.ShouldBeNull();
    }

    [Fact]
    public async Task A_tenant_that_goes_ends_its_streams_where_its_last_document_said_so()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        var tenant = await fixture.TenantAsync(upstream.Url);
        tenant.Put(Document(tenant) with { EndsStreams = true });
        await fixture.Gateway.ReachAsync(fixture.Control);
        using var response = await tenant.PostAsync(tenant.Body(stream: true));
        await using var stream = await response.Content.ReadAsStreamAsync(Token);
        await ReadAsync(stream);

        tenant.Put((TenantDocument?)null);
        await fixture.Gateway.ReachAsync(fixture.Control);

        using var rest = new StreamReader(stream);
        (await rest.ReadToEndAsync(Token)).ShouldContain("\"code\":\"tenant_suspended\"");
    }

    [Fact]
    public async Task A_tenant_that_comes_back_is_served_and_others_never_notice()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        var (tenant, other) = (await fixture.TenantAsync(upstream.Url), await fixture.TenantAsync(upstream.Url));
        using var ended = await tenant.PostAsync(tenant.Body(stream: true));
        using var running = await other.PostAsync(other.Body(stream: true));
        var good = Document(tenant);
        tenant.Put(good with { Suspended = true, EndsStreams = true });
        await fixture.Gateway.ReachAsync(fixture.Control);
        (await ended.Content.ReadAsStringAsync(Token)).ShouldContain("tenant_suspended");

        tenant.Put(good);
        await fixture.Gateway.ReachAsync(fixture.Control);
        upstream.GoOn();

        using var again = await tenant.PostAsync(tenant.Body(stream: true));
        (await again.Content.ReadAsStringAsync(Token)).ShouldBe(Seen + Rest);
        (await running.Content.ReadAsStringAsync(Token)).ShouldBe(Seen + Rest);
    }

    private TenantDocument Document(TestTenant tenant) => tenant.Document([.. fixture.Gateway.Snapshot!.Tenants[tenant.Id].Models.All]);

    private static async Task ReadAsync(Stream stream)
    {
        var buffer = new byte[Seen.Length];
        await stream.ReadExactlyAsync(buffer, Token);
        Encoding.UTF8.GetString(buffer).ShouldBe(Seen);
    }

    /// <summary>Streams one word, and the rest when it may go on; or words without end.</summary>
    private sealed class RunningUpstream(UpstreamStub stub, TaskCompletionSource more, TaskCompletionSource cancelled, StrongBox<long> lastWrite) : IAsyncDisposable
    {
        public Uri Url => stub.Url;

        public Task Cancelled => cancelled.Task;

        /// <summary>For a moment nothing could be written.</summary>
        public bool IsStuck => Volatile.Read(ref lastWrite.Value) is not 0 and var at && Stopwatch.GetElapsedTime(at) > TimeSpan.FromMilliseconds(300);

        public static async Task<RunningUpstream> StartAsync(bool floods = false)
        {
            var (more, cancelled, lastWrite) = (new TaskCompletionSource(), new TaskCompletionSource(), new StrongBox<long>());
            var stub = await UpstreamStub.StartAsync(async (context, _) =>
            {
                using var registration = context.RequestAborted.Register(() => cancelled.TrySetResult());
                context.Response.ContentType = "text/event-stream";
                var word = Encoding.UTF8.GetBytes(Word + ",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1}}\n\n");
                do
                {
                    await context.Response.Body.WriteAsync(word, CancellationToken.None);
                    await context.Response.Body.FlushAsync(CancellationToken.None);
                    Volatile.Write(ref lastWrite.Value, Stopwatch.GetTimestamp());
                }
                while (floods && !cancelled.Task.IsCompleted);
                await Task.WhenAny(more.Task, cancelled.Task);
                await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Rest), CancellationToken.None);
            });
            return new(stub, more, cancelled, lastWrite);
        }

        public void GoOn() => more.TrySetResult();

        public ValueTask DisposeAsync()
        {
            more.TrySetResult();
            return stub.DisposeAsync();
        }
    }
}
