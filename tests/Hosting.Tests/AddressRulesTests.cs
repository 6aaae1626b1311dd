using System.Net;
using Platform.Hosting.Outbound;

namespace Platform.Hosting.Tests;

public sealed class AddressRulesTests
{
    private static readonly IReadOnlyList<IPNetwork> Nothing = [];
    private static readonly IReadOnlyList<IPNetwork> Everything = [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")];

    [Theory]
    [InlineData("10.1.2.3", "10.0.0.0/8")]
    [InlineData("::ffff:10.1.2.3", "10.0.0.0/8")]
    [InlineData("192.168.4.1", "192.168.4.0/24")]
    [InlineData("100.64.0.1", "100.64.0.0/10")]
    [InlineData("fd12:3456::1", "fd12:3456::/32")]
    [InlineData("fd12:3456::1%3", "fd12:3456::/32")]
    [InlineData("64:ff9b:1::10.0.0.1", "64:ff9b:1::/48")]
    public void A_private_address_is_allowed_in_the_operators_networks_only(string text, string network)
    {
        var address = IPAddress.Parse(text);

        AddressRules.IsAllowed(address, [IPNetwork.Parse(network)]).ShouldBeTrue();
        AddressRules.IsAllowed(address, Nothing).ShouldBeFalse();
        AddressRules.IsAllowed(address, [IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("fd99::/16")]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    public void A_public_address_is_allowed_without_a_network(string text) =>
        AddressRules.IsAllowed(IPAddress.Parse(text), Nothing).ShouldBeTrue();

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.170.2")]
    [InlineData("168.63.129.16")]
    [InlineData("100.100.100.200")]
    [InlineData("192.0.0.192")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::169.254.169.254")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:0:127.0.0.1")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("64:ff9b:1::169.254.169.254")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("2001:0:4136:e378:8000:63bf:80ff:fffe")] // Teredo of 127.0.0.1
    [InlineData("2001:0:4136:e378:8000:63bf:5601:5601")] // Teredo of 169.254.169.254
    [InlineData("fd12::5efe:169.254.169.254")]
    [InlineData("2606:4700::200:5efe:127.0.0.1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("febf::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd20:ce::254")]
    [InlineData("ff02::1")]
    public void Some_addresses_are_never_allowed_whatever_the_list_says(string text) =>
        AddressRules.IsAllowed(IPAddress.Parse(text), Everything).ShouldBeFalse();

    [Theory]
    [InlineData("https://example.com", true)]
    [InlineData("https://example.com.", true)]
    [InlineData("https://8.8.8.8", true)]
    [InlineData("https://[2606:4700::1111]", true)]
    [InlineData("https://10.9.8.7", true)]
    [InlineData("https://10.9.8.8", false)]
    [InlineData("https://localhost", false)]
    [InlineData("https://LOCALHOST.", false)]
    [InlineData("https://a.b.localhost", false)]
    [InlineData("https://127.0.0.1", false)]
    [InlineData("https://127.0.0.1.", false)]
    [InlineData("https://127.1", false)]
    [InlineData("https://2130706433", false)]
    [InlineData("https://0x7f000001", false)]
    [InlineData("https://0x7f.1", false)]
    [InlineData("https://0177.0.0.01", false)]
    [InlineData("https://017700000001", false)]
    [InlineData("https://0", false)]
    [InlineData("https://127。0。0。1", false)]
    [InlineData("https://192.168.1", false)]
    [InlineData("https://user:secret@169.254.169.254", false)]
    [InlineData("https://8.8.8.8@10.0.0.1", false)]
    [InlineData("https://[::1]", false)]
    [InlineData("https://[::ffff:127.0.0.1]", false)]
    [InlineData("https://[::ffff:a00:1]", false)]
    [InlineData("https://[::]", false)]
    [InlineData("https://[fe80::1%25eth0]", false)]
    [InlineData("https://[64:ff9b::a00:1]", false)]
    public void A_written_address_is_judged_as_it_would_be_connected_to(string url, bool allowed) =>
        AddressRules.MayBeAllowed(new Uri(url), [IPNetwork.Parse("10.9.8.7/32")]).ShouldBe(allowed);

    [Theory]
    [InlineData("https://%31%32%37.0.0.1")]
    [InlineData("https://8.8.8.8\\@10.0.0.1")]
    [InlineData("https://[::1")]
    [InlineData("https://127.0.0.1:99999")]
    public void Some_spellings_are_no_address_at_all(string url) => Uri.TryCreate(url, UriKind.Absolute, out _).ShouldBeFalse();
}
