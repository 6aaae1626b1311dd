using System.Net;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

public sealed class TraceTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task A_callers_trace_goes_on_upstream_as_a_child_and_its_baggage_does_not()
    {
        await using var upstream = await UpstreamStub.JsonAsync("""{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}""");
        var tenant = await fixture.TenantAsync(upstream.Url);
        using var request = tenant.Request(tenant.Body());
        request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
        request.Headers.Add("baggage", "secret=1");

        using var response = await tenant.Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var sent = upstream.Calls.ShouldHaveSingleItem().Headers;
        sent["traceparent"].ShouldStartWith($"00-{Trace}-");
        sent["traceparent"].ShouldNotContain("b7ad6b7169203331");
        sent.Keys.ShouldNotContain(k => k.Equals("baggage", StringComparison.OrdinalIgnoreCase) || k.Equals("correlation-context", StringComparison.OrdinalIgnoreCase));
    }
}
