using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Platform.Gateway.Telemetry;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

public sealed class TraceTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private const string Parent = $"00-{Trace}-b7ad6b7169203331-01";

    [Fact]
    public async Task Where_nothing_is_traced_a_callers_context_goes_on_as_it_is_and_its_baggage_does_not()
    {
        var sent = await SentAsync(fixture, ("traceparent", Parent), ("tracestate", "a=1,b=2"), ("baggage", "secret=1"));

        (sent["traceparent"], sent["tracestate"]).ShouldBe((Parent, "a=1,b=2"));
        sent.Keys.ShouldNotContain(k => k.Equals("baggage", StringComparison.OrdinalIgnoreCase) || k.Equals("correlation-context", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData($"00-{Trace}-0000000000000000-01")]
    public async Task A_context_that_is_not_well_formed_goes_nowhere(string parent)
    {
        var sent = await SentAsync(fixture, ("traceparent", parent), ("tracestate", "a=1"));

        sent.Keys.ShouldNotContain("traceparent");
        sent.Keys.ShouldNotContain("tracestate");
    }

    [Fact]
    public async Task Where_requests_are_traced_it_goes_on_as_a_child()
    {
        await using var traced = new GatewayFixture { Settings = ["OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1"] };
        await traced.InitializeAsync();

        // The test's own client is traced too, in this process: its span stands between.
        using var caller = new Activity("caller").SetParentId(Parent).Start();
        var sent = await SentAsync(traced, ("baggage", "secret=1"));

        sent["traceparent"].ShouldStartWith($"00-{Trace}-");
        sent["traceparent"].ShouldNotContain(caller.SpanId.ToString());
        sent.Keys.ShouldNotContain(k => k.Equals("baggage", StringComparison.OrdinalIgnoreCase) || k.Equals("correlation-context", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_traced_request_says_what_it_was_with_a_span_for_each_try_and_no_content()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name is TelemetryNames.Source or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var traced = new GatewayFixture { Settings = ["OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1"] };
        await traced.InitializeAsync();
        await using var bad = await UpstreamStub.JsonAsync("{}", 503);
        await using var good = await UpstreamStub.JsonAsync("""{"choices":[{"message":{"content":"answered words"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":11}}""");
        var tenant = new TestTenant(traced.Control, traced.Gateway);
        var pools = new[] { tenant.Pool("vllm", bad.Url), tenant.Pool("sglang", good.Url) };
        tenant.PutPool(pools[0]);
        tenant.PutPool(pools[1]);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pools));
        await traced.Gateway.ReachAsync(traced.Control);

        using var response = await tenant.PostAsync("""{"model":"some/model-1","messages":[{"role":"user","content":"asked words"}]}""");

        var id = response.Headers.GetValues("x-request-id").Single();
        await Until.TrueAsync(() => spans.Any(s => s.GetTagItem(TelemetryNames.RequestId) as string == id));
        var server = spans.Single(s => s.GetTagItem(TelemetryNames.RequestId) as string == id);
        (server.Kind, server.DisplayName).ShouldBe((ActivityKind.Server, "chat some/model-1"));
        Tags(server, "gen_ai.operation.name", "gen_ai.request.model", "gen_ai.response.model", "gen_ai.provider.name", "gateway.tenant")
            .ShouldBe(["chat", "some/model-1", "upstream-model", "sglang", tenant.Slug]);
        Tags(server, "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens").ShouldBe([5L, 11L]);
        server.GetTagItem("gen_ai.response.finish_reasons").ShouldBe(new[] { "stop" });
        var tries = spans.Where(s => s.TraceId == server.TraceId && s.Source.Name == TelemetryNames.Source).OrderBy(s => s.StartTimeUtc).ToArray();
        tries.ShouldAllBe(t => t.Kind == ActivityKind.Client && t.ParentSpanId == server.SpanId && t.DisplayName == "chat some/model-1");
        tries.Select(t => t.GetTagItem("gateway.outcome")).ShouldBe(["upstream_failed", "answered"]);
        tries.Select(t => t.GetTagItem("error.type")).ShouldBe(["upstream_failed", null]);
        tries.Select(t => t.GetTagItem("gateway.pool")).ShouldBe(pools.Select(p => (object?)p.Id.ToString()));
        string.Join('\n', tries.Append(server).SelectMany(s => s.TagObjects).Select(t => t.Value)).ShouldNotContain("words");
    }

    [Theory]
    [InlineData("0", false)]
    [InlineData("1", true)]
    public async Task The_share_of_traces_that_begin_here_is_a_setting(string ratio, bool isKept)
    {
        await using var traced = new GatewayFixture { Settings = ["OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1", $"Telemetry:SampleRatio={ratio}"] };
        await traced.InitializeAsync();

        var sent = await SentAsync(traced, ("x-test", "1"));

        sent["traceparent"].EndsWith("-01", StringComparison.Ordinal).ShouldBe(isKept);
    }

    private static object?[] Tags(Activity span, params string[] names) => [.. names.Select(span.GetTagItem)];

    private static async Task<IReadOnlyDictionary<string, string>> SentAsync(GatewayFixture fixture, params (string Name, string Value)[] headers)
    {
        await using var upstream = await UpstreamStub.JsonAsync("""{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}""");
        var tenant = await fixture.TenantAsync(upstream.Url);
        using var request = tenant.Request(tenant.Body());
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);

        using var response = await tenant.Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return upstream.Calls.ShouldHaveSingleItem().Headers;
    }
}
