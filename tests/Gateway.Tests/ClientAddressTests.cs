using System.Net;
using Microsoft.AspNetCore.Http;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Authentication;
using Platform.Gateway.Tests.World;
using Platform.Hosting.Settings;

namespace Platform.Gateway.Tests;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("198.51.100.7", "203.0.113.5", "198.51.100.7")] // not a proxy of ours: what it says is ignored
    [InlineData("10.0.0.1", null, "10.0.0.1")]
    [InlineData("10.0.0.1", "203.0.113.5", "203.0.113.5")]
    [InlineData("::ffff:10.0.0.1", "203.0.113.5", "203.0.113.5")]
    [InlineData("fd00::1%2", "2001:db8::7", "2001:db8::7")]
    [InlineData("10.0.0.1", "1.1.1.1, 203.0.113.5", "203.0.113.5")] // the caller wrote the first one itself
    [InlineData("10.0.0.1", "1.1.1.1, 203.0.113.5, 10.0.0.2,10.0.0.3", "203.0.113.5")]
    [InlineData("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2")]
    [InlineData("10.0.0.1", "203.0.113.5:443", "203.0.113.5")]
    [InlineData("10.0.0.1", "[2001:db8::7]:443", "2001:db8::7")]
    [InlineData("10.0.0.1", "203.0.113.5, unknown", null)]
    [InlineData("10.0.0.1", "203.0.113.5,", null)]
    public void The_address_is_the_right_most_hop_that_is_no_proxy_of_ours(string connection, string? header, string? expected)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(connection);
        context.Request.Headers["X-Forwarded-For"] = header;
        var addresses = new ClientAddresses(new() { TrustedProxies = { "10.0.0.0/8", "fd00::/8" } });

        addresses.Of(context)?.ToString().ShouldBe(expected);
        if (expected is null)
            addresses.Of(context).ShouldBeNull();
    }

    [Fact]
    public void Hops_in_several_lines_follow_each_other()
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse("10.0.0.1");
        context.Request.Headers["X-Forwarded-For"] = new(["1.1.1.1", "203.0.113.5, 10.0.0.9"]);

        new ClientAddresses(new() { TrustedProxies = { "10.0.0.0/8" } }).Of(context)!.ToString().ShouldBe("203.0.113.5");
    }

    [Theory]
    [InlineData(null, "203.0.113.5", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.0/8", "203.0.113.5", HttpStatusCode.ServiceUnavailable)]
    [InlineData("127.0.0.0/8", "203.0.113.5, 198.51.100.1", HttpStatusCode.Forbidden)]
    public async Task A_header_counts_only_from_a_proxy_that_the_operator_trusts(string? trusted, string header, HttpStatusCode expected)
    {
        await using var control = await new FakeControl().StartAsync();
        control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument { Peppers = [control.PepperEntry()] });
        string[] settings = trusted is null ? [] : [$"Network:TrustedProxies:0={trusted}"];
        await using var gateway = await GatewayHost.StartAsync(control.Url, control.Token, null, settings);
        var tenant = new TestTenant(control, gateway);
        tenant.PutKeys(tenant.KeyEntry() with { IpRanges = ["203.0.113.0/24"] });
        tenant.Put(models: tenant.ModelOn(tenant.Pool("vllm")));
        await gateway.ReachAsync(control);
        using var request = tenant.Request(tenant.Body());
        request.Headers.Add("X-Forwarded-For", header);

        using var response = await gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(expected); // the model has no endpoint
    }

    [Fact]
    public async Task A_trusted_proxy_that_is_no_network_stops_the_start()
    {
        var start = () => GatewayHost.StartAsync(new("http://127.0.0.1:1"), "x", null, "Network:TrustedProxies:0=everybody");

        (await start.ShouldThrowAsync<SettingsException>()).Message.ShouldContain("TrustedProxies");
    }
}
