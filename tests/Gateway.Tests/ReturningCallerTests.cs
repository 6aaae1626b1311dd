using System.Text;
using Microsoft.AspNetCore.Http;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>Callers that left, and come back with the same key; and answers that are more than may be kept.</summary>
public sealed class ReturningCallerTests : OwnGatewayTests
{
    private const string Word = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"},\"finish_reason\":null}]";
    private const string First = Word + ",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1}}\n\n";
    private const string Rest =
        "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7}}\n\ndata: [DONE]\n\n";

    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":9}}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_the_rest_was_read_for_the_count_the_answer_waits_for_its_caller(bool stream)
    {
        var more = new TaskCompletionSource();
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = stream ? "text/event-stream" : "application/json";
            if (stream)
                await SendAsync(context, First);
            await more.Task;
            await SendAsync(context, stream ? Rest : Answer);
        });
        var tenant = await StartAsync(upstream, "Upstream:OnDisconnect=Finish", "Upstream:KeepAliveMilliseconds=20", "Upstream:KeepAliveBeginsAnswer=true");
        using var request = tenant.Request(tenant.Body(stream));
        request.Headers.Add("Idempotency-Key", "k");
        using var leave = new CancellationTokenSource();
        var first = Host!.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leave.Token);
        if (stream)
            await ReadSignAsync(await first);
        else
            await Until.TrueAsync(() => upstream.Calls.Count == 1);

        await leave.CancelAsync();
        if (stream)
            (await first).Dispose();
        await Until.TrueAsync(() => Detached == 1);
        (await tenant.AskAsync(tenant.Body(stream), "k")).Status.ShouldBe(409);
        more.SetResult();
        (await tenant.RecordAsync()).Status.ShouldBe(499);

        WholeAnswer? second = null;
        await Until.TrueAsync(async () => (second = await tenant.AskAsync(tenant.Body(stream), "k")).Status != 409);
        (second!.Status, second.Header("idempotent-replayed")).ShouldBe((200, "true"));
        second.Text.ShouldBe(stream ? Word + "}\n\ndata: [DONE]\n\n" : Answer);
        second.Header("content-type").ShouldBe(stream ? "text/event-stream" : "application/json");
        upstream.Calls.Count.ShouldBe(1);
        tenant.Records().Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_that_is_too_large_is_not_run_a_second_time()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer.Replace("\"x\"", $"\"{new string('x', 3000)}\"", StringComparison.Ordinal));
        var tenant = await StartAsync(upstream, "Idempotency:MaxAnswerKilobytes=2", "Cache:MaxAnswerKilobytes=2");

        var first = await tenant.AskAsync(tenant.Body(), "k");
        var second = await tenant.AskAsync(tenant.Body(), "k");

        (first.Status, first.Body.Length > 3000).ShouldBe((200, true));
        second.Status.ShouldBe(410);
        second.Text.ShouldContain("\"code\":\"idempotency_answer_gone\"");
        upstream.Calls.Count.ShouldBe(1);
    }

    private int Detached => ((Forwarding.DetachedReads)Host!.Services.GetService(typeof(Forwarding.DetachedReads))!).Count;

    private static async Task SendAsync(HttpContext context, string text)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
        await context.Response.Body.FlushAsync();
    }

    private static async Task ReadSignAsync(HttpResponseMessage response)
    {
        var token = TestContext.Current.CancellationToken;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(token));
        while (await reader.ReadLineAsync(token) != ": keep-alive")
        {
            // What comes before the sign of life.
        }
    }

    private async Task<TestTenant> StartAsync(UpstreamStub upstream, params string[] settings)
    {
        Host = await GatewayHost.StartAsync(Control.Url, Control.Token, null, settings);
        await Host.ReadyAsync();
        var tenant = new TestTenant(Control, Host);
        var pool = tenant.Pool("vllm", upstream.Url);
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pool));
        await Host.ReachAsync(Control);
        return tenant;
    }
}
