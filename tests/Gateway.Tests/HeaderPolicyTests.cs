using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Tests;

public sealed class HeaderPolicyTests
{
    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Theory]
    [InlineData("x-title", "plain", true)]
    [InlineData("x-title", "caf\u00e9", false)]
    [InlineData("x-forwarded-for", "1.2.3.4", false)]
    [InlineData("x-gateway-reason", "us", false)]
    [InlineData("cookie", "a=b", false)]
    [InlineData("authorization", "Bearer sk-1", false)]
    [InlineData("x-content-length", "1", false)]
    [InlineData("idempotency-key", "1", false)]
    public void A_header_crosses_the_gateway_or_does_not(string name, string value, bool crosses)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[name] = value;
        using var message = new HttpRequestMessage();

        HeaderPolicy.CopyRequest(context.Request, message);

        message.Headers.NonValidated.Contains(name).ShouldBe(crosses);
    }

    [Theory]
    [InlineData(TraceParent, "a=1", true, true)]
    [InlineData(TraceParent, "", true, false)]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01", "a=1", false, false)]
    [InlineData("nonsense", "a=1", false, false)]
    [InlineData("", "a=1", false, false)]
    public void A_trace_crosses_it_as_it_is_where_there_is_no_span_of_our_own(string parent, string state, bool crosses, bool stateCrosses)
    {
        Activity.Current = null;
        var context = new DefaultHttpContext();
        context.Request.Headers.TraceParent = parent;
        context.Request.Headers.TraceState = state;
        using var message = new HttpRequestMessage();

        TracePropagator.PassOn(context.Request, message);

        message.Headers.NonValidated.Contains("traceparent").ShouldBe(crosses);
        message.Headers.NonValidated.Contains("tracestate").ShouldBe(stateCrosses);
    }

    [Fact]
    public void A_state_that_is_too_long_and_a_second_trace_do_not_cross_it()
    {
        Activity.Current = null;
        var context = new DefaultHttpContext();
        context.Request.Headers.TraceParent = TraceParent;
        context.Request.Headers.TraceState = "a=" + new string('1', 511);
        using var first = new HttpRequestMessage();
        TracePropagator.PassOn(context.Request, first);
        context.Request.Headers.TraceParent = new[] { TraceParent, TraceParent };
        using var second = new HttpRequestMessage();
        TracePropagator.PassOn(context.Request, second);

        first.Headers.NonValidated.Contains("tracestate").ShouldBeFalse();
        first.Headers.NonValidated.Contains("traceparent").ShouldBeTrue();
        second.Headers.NonValidated.Contains("traceparent").ShouldBeFalse();
    }
}
