using System.Diagnostics;
using System.Net;
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
