using System.Net;
using Platform.Hosting.Outbound;

namespace Platform.Hosting.Tests;

public sealed class IpRangeTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("192.0.2.7", "192.0.2.7/32")]
    [InlineData("2001:db8::/32", "2001:db8::/32")]
    [InlineData("2001:DB8::1", "2001:db8::1/128")]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.0/8")]
    public void A_network_is_read(string text, string expected)
    {
        IpRange.TryParse(text, out var network).ShouldBeTrue();
        network.ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ten")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.1/8")]
    [InlineData("010.0.0.0/8")]
    [InlineData("10/8")]
    [InlineData("0x0a.0.0.0/8")]
    [InlineData(" 10.0.0.0/8")]
    [InlineData("2001:db8::/129")]
    [InlineData("2001:db8::1/32")]
    [InlineData("fe80::1%1")]
    [InlineData("[2001:db8::]/32")]
    [InlineData("::ffff:10.0.0.0/8")]
    public void What_is_no_network_is_not(string? text) => IpRange.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("11.0.0.1", false)]
    [InlineData("2001:db8::5", true)]
    [InlineData("2001:db9::5", false)]
    public void An_address_is_in_one_of_the_networks_or_in_none(string address, bool inside) =>
        IpRange.Contains([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8::/32")], IPAddress.Parse(address)).ShouldBe(inside);

    [Fact]
    public void What_two_lists_share_are_the_smaller_networks() =>
        IpRange.Intersect(
                [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("192.168.1.0/24"), IPNetwork.Parse("2001:db8::/32")],
                [IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db9::/32")])
            .Select(n => n.ToString()).ShouldBe(["10.1.0.0/16", "10.0.0.0/8", "192.168.1.0/24"]);
}
