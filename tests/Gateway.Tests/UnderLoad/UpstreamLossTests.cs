using System.Text;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests.UnderLoad;

[Collection(nameof(LoadCollection))]
public sealed class UpstreamLossTests(GatewayFixture fixture, ITestOutputHelper output) : IClassFixture<GatewayFixture>
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("vllm", "/v1/chat/completions", "data: {\"error\":{")]
    [InlineData("openai", "/v1/responses", "event: error\ndata: {\"type\":\"error\",")]
    [InlineData("anthropic", "/v1/messages", "event: error\ndata: {\"type\":\"error\",\"error\":{")]
    public async Task Only_streams_that_had_begun_fail_and_end_with_the_dialect_s_error(string engine, string path, string error)
    {
        await using var staying = await SlowUpstream.StartAsync();
        var hold = new StreamHold();
        var lost = await SlowUpstream.StartAsync(hold);
        var tenant = await fixture.TenantAsync(engine, lost.Url, staying.Url);
        await using var callers = new Callers(16, streamed => SendAsync(tenant, path, streamed));
        await Until.TrueAsync(() => lost.Calls.Count > 40 && staying.Calls.Count > 40);
        // Streams that have begun, and whose first events have had the time of forty other answers to reach their callers.
        hold.IsOn = true;
        await Until.TrueAsync(() => hold.Held > 0);
        await callers.MoreAsync(40);

        // Its listener goes and every connection is reset, as when a process is killed.
        await lost.DisposeAsync();
        await callers.MoreAsync(100);
        await callers.StopAsync();

        var failed = callers.Failed.ToList();
        output.WriteLine($"{callers.Outcomes.Count} requests, {failed.Count} cut streams");
        failed.ShouldAllBe(o => o.Streamed && o.Status == System.Net.HttpStatusCode.OK && o.Failure == null);
        failed.ShouldAllBe(o => o.Body.Contains(":\"x\"", StringComparison.Ordinal) || o.Body.Contains("created", StringComparison.Ordinal) || o.Body.Contains("message_start", StringComparison.Ordinal));
        failed.Count.ShouldBeInRange(1, 16);
        failed.ShouldAllBe(o => LastEvent(o.Body).StartsWith(error, StringComparison.Ordinal));
        await Until.TrueAsync(() => tenant.Records().Count == callers.Outcomes.Count);
        var records = tenant.Records().ToDictionary(r => r.Id.ToString());
        foreach (var outcome in callers.Outcomes)
            (records[outcome.RequestId!].ErrorCode is null).ShouldBe(outcome.IsWhole);
    }

    private Task<HttpResponseMessage> SendAsync(TestTenant tenant, string path, bool streamed)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(Body(tenant, streamed), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", tenant.Key);
        return fixture.Gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    /// <summary>One that every dialect takes.</summary>
    private static string Body(TestTenant tenant, bool streamed) =>
        $$"""{"model":"{{tenant.Model}}","max_tokens":20,"input":"hello","messages":[{"role":"user","content":"hello"}]{{(streamed ? ",\"stream\":true" : "")}}}""";

    private static string LastEvent(string body) => body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
}
