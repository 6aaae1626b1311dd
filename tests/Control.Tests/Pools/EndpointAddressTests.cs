using System.Net;
using Platform.Control.Pools;

namespace Platform.Control.Tests.Pools;

/// <summary>What the text of an address says, without a look-up.</summary>
public sealed class EndpointAddressTests
{
    private static readonly IPNetwork[] None = [];

    [Theory]
    [InlineData("https://models.example.com", "https://models.example.com")]
    [InlineData("https://models.example.com/", "https://models.example.com")]
    [InlineData("HTTPS://Models.Example.COM:8443/Base/", "https://models.example.com:8443/Base")]
    [InlineData("https://models.example.com:443/v1", "https://models.example.com/v1")]
    [InlineData("https://models.example.com/a%20b", "https://models.example.com/a%20b")]
    [InlineData("https://xn--mller-kva.example.com", "https://xn--mller-kva.example.com")]
    [InlineData("https://8.8.8.8", "https://8.8.8.8")]
    [InlineData("https://8.8.8.8:8000/x", "https://8.8.8.8:8000/x")]
    [InlineData("https://[2606:4700:4700::1111]", "https://[2606:4700:4700::1111]")]
    [InlineData("https://[64:ff9b::808:808]", "https://[64:ff9b::808:808]")]
    public void A_tenant_may_have_the_address(string text, string stored)
    {
        var address = EndpointAddress.OfTenant(text, None);

        address.Fault.ShouldBeNull();
        address.Url.ShouldBe(stored);
    }

    [Theory]

    // Shape and schemes.
    [InlineData("")]
    [InlineData("models.example.com")]
    [InlineData("//models.example.com")]
    [InlineData("/relative")]
    [InlineData("https:models.example.com")]
    [InlineData("https:/models.example.com")]
    [InlineData("https:///models.example.com")]
    [InlineData("http://models.example.com")]
    [InlineData("ftp://models.example.com")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://models.example.com")]
    [InlineData("unix:/run/docker.sock")]
    [InlineData("https://models.example.com?a=b")]
    [InlineData("https://models.example.com/?")]
    [InlineData("https://models.example.com/#x")]
    [InlineData(" https://models.example.com")]
    [InlineData("https://models.example.com ")]
    [InlineData("https://models.example.com\n")]
    [InlineData("https://models.exa\tmple.com")]
    [InlineData("https://models.example.com/\r\nx: y")]
    [InlineData("https://models.example.com:99999")]
    [InlineData("https://models.example.com:80:81")]

    // Credentials and what looks like them.
    [InlineData("https://user@models.example.com")]
    [InlineData("https://user:pass@models.example.com")]
    [InlineData("https://models.example.com@127.0.0.1")]
    [InlineData("https://models.example.com:443@127.0.0.1")]
    [InlineData("https://models.example.com#@127.0.0.1")]
    [InlineData("https://models.example.com%40127.0.0.1")]

    // Backslashes and percent signs.
    [InlineData("https://models.example.com\\@127.0.0.1")]
    [InlineData("https:\\\\models.example.com")]
    [InlineData("https://127.0.0.1\\models.example.com")]
    [InlineData("https://models.example.com/\\x")]
    [InlineData("https://%31%32%37.0.0.1")]
    [InlineData("https://127%2e0%2e0%2e1")]
    [InlineData("https://local%68ost")]

    // Private and special IPv4.
    [InlineData("https://0.0.0.0")]
    [InlineData("https://10.1.2.3/v1")]
    [InlineData("https://100.64.0.1")]
    [InlineData("https://100.100.100.200")]
    [InlineData("https://127.0.0.1")]
    [InlineData("https://127.255.255.254")]
    [InlineData("https://168.63.129.16")]
    [InlineData("https://169.254.169.254")]
    [InlineData("https://172.16.0.1")]
    [InlineData("https://172.31.255.255")]
    [InlineData("https://192.0.0.192")]
    [InlineData("https://192.0.2.1")]
    [InlineData("https://192.168.1.1:8443")]
    [InlineData("https://198.18.0.1")]
    [InlineData("https://203.0.113.9")]
    [InlineData("https://224.0.0.1")]
    [InlineData("https://255.255.255.255")]

    // IPv4 written otherwise, also where it is a public one.
    [InlineData("https://2130706433")]
    [InlineData("https://0x7f000001")]
    [InlineData("https://0X7F.1")]
    [InlineData("https://017700000001")]
    [InlineData("https://0177.0.0.1")]
    [InlineData("https://127.1")]
    [InlineData("https://127.0.1")]
    [InlineData("https://010.0.0.1")]
    [InlineData("https://134744072")]
    [InlineData("https://8.8.8.8.")]
    [InlineData("https://127.0.0.1.")]
    [InlineData("https://0x7f.1.")]
    [InlineData("https://1.2.3.4.5")]
    [InlineData("https://256.256.256.256")]
    [InlineData("https://models.0x7f")]

    // IPv6, and IPv4 inside it.
    [InlineData("https://[::]")]
    [InlineData("https://[::1]")]
    [InlineData("https://[0:0:0:0:0:0:0:1]")]
    [InlineData("https://[fe80::1]")]
    [InlineData("https://[fe80::1%25eth0]")]
    [InlineData("https://[fd00::1]")]
    [InlineData("https://[fd00:ec2::254]")]
    [InlineData("https://[ff02::1]")]
    [InlineData("https://[2001:db8::1]")]
    [InlineData("https://[::ffff:10.0.0.1]")]
    [InlineData("https://[::ffff:7f00:1]")]
    [InlineData("https://[::127.0.0.1]")]
    [InlineData("https://[64:ff9b::a00:1]")]
    [InlineData("https://[64:ff9b:1::a00:1]")]
    [InlineData("https://[2002:7f00:1::]")]
    [InlineData("https://[2002:a00:1::1]")]
    [InlineData("https://[2001:0:4136:e378:8000:63bf:f5ff:fffe]")]
    [InlineData("https://[::1")]
    [InlineData("https://::1")]

    // Names.
    [InlineData("https://localhost")]
    [InlineData("https://LOCALHOST")]
    [InlineData("https://localhost.")]
    [InlineData("https://a.localhost")]
    [InlineData("https://A.LocalHost")]
    [InlineData("https://printer.local")]
    [InlineData("https://db.corp.internal")]
    [InlineData("https://metadata.google.internal")]
    [InlineData("https://METADATA.GOOGLE.INTERNAL.")]
    [InlineData("https://intranet")]
    [InlineData("https://intranet:8443/v1")]
    [InlineData("https://models.example.com.")]
    [InlineData("https://models..example.com")]
    [InlineData("https://.")]

    // Letters beyond ASCII: full-width and ideographic dots and digits are dots and digits to IDNA.
    [InlineData("https://127\u30020\u30020\u30021")]
    [InlineData("https://127\uff0e0\uff0e0\uff0e1")]
    [InlineData("https://\uff11\uff12\uff17.0.0.1")]
    [InlineData("https://\u24db\u24de\u24d2\u24d0lhost")]
    [InlineData("https://m\u00fcller.example.com")]
    [InlineData("https://models.example.com\u2044@127.0.0.1")]
    [InlineData("\uff48ttps://models.example.com")]
    public void A_tenant_may_not_have_the_address(string text)
    {
        var address = EndpointAddress.OfTenant(text, None);

        address.Url.ShouldBeNull();
        address.Fault.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("https://10.20.0.1", true)]
    [InlineData("https://10.21.0.1", false)]
    [InlineData("https://[::ffff:10.20.0.1]", true)]
    [InlineData("https://[fd12::1]", true)]
    [InlineData("https://127.0.0.1", false)]
    [InlineData("https://169.254.169.254", false)]
    [InlineData("https://[fe80::1]", false)]
    [InlineData("https://[fd00:ec2::254]", false)]
    [InlineData("https://localhost", false)]
    public void An_operator_may_allow_private_networks_but_never_this_host_or_metadata(string text, bool allowed)
    {
        IPNetwork[] networks =
        [
            IPNetwork.Parse("10.20.0.0/16"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"),
        ];

        (EndpointAddress.OfTenant(text, networks).Url is not null).ShouldBe(allowed);
    }

    [Theory]
    [InlineData("http://10.0.0.1:8000", "http://10.0.0.1:8000")]
    [InlineData("http://localhost:8000/", "http://localhost:8000")]
    [InlineData("http://vllm_0:8000", "http://vllm_0:8000")]
    [InlineData("https://[::1]:8000", "https://[::1]:8000")]
    [InlineData("ftp://models.example.com", null)]
    [InlineData("http://user:pass@10.0.0.1", null)]
    [InlineData("http://10.0.0.1/?a=b", null)]
    [InlineData("http://10.0.0.1\\x", null)]
    public void An_operators_address_is_clean_and_may_be_plain_and_private(string text, string? stored) =>
        EndpointAddress.OfOperator(text).Url.ShouldBe(stored);
}
