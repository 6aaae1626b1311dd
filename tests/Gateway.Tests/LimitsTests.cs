using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Platform.Gateway.Metering;
using Platform.Gateway.Requests;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

public sealed class LimitsTests : OwnGatewayTests
{
    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_journal_refuses_new_requests_and_readiness()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await StartAsync(upstream.Url, "Journal:MaxMegabytes=1");
        tenant.Gateway.Services.GetRequiredService<JournalSpace>().Add(2 * 1024 * 1024, 0);

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await Errors.CodeAsync(response)).ShouldBe(("server_error", "journal_full"));
        response.Headers.GetValues("x-gateway-reason").Single().ShouldBe("us");
        (await tenant.Gateway.Http.GetAsync("/readyz", Token)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        upstream.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task When_the_record_cannot_be_written_the_caller_gets_no_whole_answer()
    {
        var more = new TaskCompletionSource();
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await more.Task;
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Answer));
        });
        var tenant = await StartAsync(upstream.Url);
        var running = tenant.PostAsync(tenant.Body());
        await Until.TrueAsync(() => !upstream.Calls.IsEmpty);
        await tenant.Gateway.Services.GetRequiredService<Journal>().StopAsync(Token);
        more.SetResult();

        using var response = await running;

        (await Errors.CodeAsync(response)).ShouldBe(("server_error", "journal_failed"));
    }

    [Fact]
    public async Task A_body_that_comes_too_slowly_answers_408()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await StartAsync(upstream.Url, "Limits:BodySeconds=1");
        using var socket = new TcpClient();
        await socket.ConnectAsync(tenant.Gateway.Url.Host, tenant.Gateway.Url.Port, Token);
        await socket.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.Key}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"),
            Token);

        using var reader = new StreamReader(socket.GetStream());

        (await reader.ReadLineAsync(Token)).ShouldBe("HTTP/1.1 408 Request Timeout");
    }

    [Fact]
    public async Task Buffers_have_a_bound_for_all_together()
    {
        var more = new TaskCompletionSource();
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await more.Task;
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Answer));
        });
        var tenant = await StartAsync(upstream.Url, "Limits:MaxBufferedMegabytes=1", "Limits:MaxTenantBufferedPercent=100");
        var large = tenant.Body()[..^1] + $",\"x\":\"{new string('x', 300_000)}\"}}";
        var first = tenant.PostAsync(large);
        await Until.TrueAsync(() => !upstream.Calls.IsEmpty);

        using (var second = await tenant.PostAsync(large))
            (await Errors.CodeAsync(second)).ShouldBe(("server_error", "overloaded"));

        more.SetResult();
        (await first).StatusCode.ShouldBe(HttpStatusCode.OK);
        // The buffers come back when the first request has ended, which is after its answer began.
        await Until.TrueAsync(async () => (await tenant.PostAsync(large)).StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task One_tenants_buffers_leave_room_for_the_others()
    {
        var more = new TaskCompletionSource();
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await more.Task;
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Answer));
        });
        var greedy = await StartAsync(upstream.Url, "Limits:MaxBufferedMegabytes=4", "Limits:MaxTenantBufferedPercent=50");
        var other = await TenantAsync(upstream.Url);
        string Large(TestTenant tenant) => tenant.Body()[..^1] + $",\"x\":\"{new string('x', 1_000_000)}\"}}";
        var first = greedy.PostAsync(Large(greedy));
        await Until.TrueAsync(() => upstream.Calls.Count == 1);

        using (var second = await greedy.PostAsync(Large(greedy)))
            ((int)second.StatusCode, await Errors.CodeAsync(second)).ShouldBe((503, ("server_error", "overloaded")));
        var others = other.PostAsync(Large(other));
        await Until.TrueAsync(() => upstream.Calls.Count == 2);

        more.SetResult();
        (await first).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await others).StatusCode.ShouldBe(HttpStatusCode.OK);
        var budget = Host!.Services.GetRequiredService<BufferBudget>();
        await Until.TrueAsync(() => budget.Used == 0);
        (await greedy.PostAsync(Large(greedy))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_tenants_answers_count_with_its_bodies()
    {
        await using var upstream = await UpstreamStub.JsonAsync($$"""{"choices":[{"message":{"content":"{{new string('x', 3_000_000)}}"},"finish_reason":"stop"}]}""");
        var tenant = await StartAsync(upstream.Url, "Limits:MaxBufferedMegabytes=10", "Limits:MaxTenantBufferedPercent=30");

        using var response = await tenant.PostAsync(tenant.Body());

        (await Errors.CodeAsync(response)).ShouldBe(("server_error", "overloaded"));
        await Until.TrueAsync(() => Host!.Services.GetRequiredService<BufferBudget>().Used == 0);
    }

    [Fact]
    public async Task An_endpoint_that_does_not_answer_in_time_is_a_504()
    {
        await using var upstream = await UpstreamStub.StartAsync((context, _) => Hang(context.RequestAborted));
        var tenant = await StartAsync(upstream.Url, "Upstream:FirstByteSeconds=1");

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
        (await Errors.CodeAsync(response)).ShouldBe(("server_error", "upstream_timeout"));
        (await tenant.RecordAsync()).Status.ShouldBe(504);
    }

    [Fact]
    public async Task A_stream_that_outlasts_the_drain_is_cut_with_an_error_and_recorded()
    {
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.WriteAsync("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n"u8.ToArray());
            await context.Response.Body.FlushAsync();
            await Hang(context.RequestAborted);
        });
        var tenant = await StartAsync(upstream.Url);
        using var response = await tenant.PostAsync(tenant.Body(stream: true));

        var stopping = tenant.Gateway.BeginStopAsync();

        (await response.Content.ReadAsStringAsync(Token)).ShouldContain("\"code\":\"shutting_down\"");
        (await tenant.RecordAsync()).ErrorCode.ShouldBe("shutting_down");
        await stopping;
    }

    private static Task Hang(CancellationToken token) => Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);

    private async Task<TestTenant> StartAsync(Uri upstream, params string[] settings)
    {
        Host = await GatewayHost.StartAsync(Control.Url, Control.Token, null, settings);
        return await TenantAsync(upstream);
    }

    private async Task<TestTenant> TenantAsync(Uri upstream)
    {
        var tenant = new TestTenant(Control, Host!);
        var pool = tenant.Pool("vllm", upstream);
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pool));
        await Host!.ReadyAsync();
        await Host.ReachAsync(Control);
        return tenant;
    }
}
