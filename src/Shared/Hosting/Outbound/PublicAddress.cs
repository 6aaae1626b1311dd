using System.Net;
using System.Net.Sockets;

namespace Platform.Hosting.Outbound;

/// <summary>
/// Tells whether an address is one of the public internet (IANA special-purpose registries, RFC 6890). Everything else
/// is refused for addresses that a tenant chose: it would let a tenant reach our own network, or a cloud's metadata.
/// </summary>
public static class PublicAddress
{
    /// <summary>Special-purpose IPv4 blocks, and 168.63.129.16, which answers for the host in Azure.</summary>
    private static readonly IPNetwork[] NotPublic4 = Networks(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32");

    /// <summary>Only global unicast is public (RFC 4291), less its special-purpose parts (Teredo and ORCHID in 2001::/23).</summary>
    private static readonly IPNetwork GlobalUnicast6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] NotPublic6 = Networks("2001::/23", "2001:db8::/32", "3fff::/20");

    /// <summary>The one prefix outside of global unicast that leads to the internet: NAT64 (RFC 6052).</summary>
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static bool IsPublic(IPAddress address)
    {
        address = EmbeddedAddress.Plain(address);
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return !Array.Exists(NotPublic4, n => n.Contains(address));
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return false;
        if (EmbeddedAddress.Of(address) is { } inner && !IsPublic(inner))
            return false;
        return Nat64.Contains(address) || (GlobalUnicast6.Contains(address) && !Array.Exists(NotPublic6, n => n.Contains(address)));
    }

    private static IPNetwork[] Networks(params string[] texts) => Array.ConvertAll(texts, t => IPNetwork.Parse(t));
}
