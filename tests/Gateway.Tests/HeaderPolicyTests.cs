using Microsoft.AspNetCore.Http;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Tests;

public sealed class HeaderPolicyTests
{
    [Theory]
    [InlineData("x-title", "plain", true)]
    [InlineData("x-title", "caf\u00e9", false)]
    [InlineData("x-forwarded-for", "1.2.3.4", false)]
    [InlineData("x-gateway-reason", "us", false)]
    [InlineData("cookie", "a=b", false)]
    [InlineData("authorization", "Bearer sk-1", false)]
    public void A_header_crosses_the_gateway_or_does_not(string name, string value, bool crosses)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[name] = value;
        using var message = new HttpRequestMessage();

        HeaderPolicy.CopyRequest(context.Request, message);

        message.Headers.NonValidated.Contains(name).ShouldBe(crosses);
    }
}
