using System.Net;
using System.Net.Sockets;

namespace Platform.Hosting.Outbound;

/// <summary>IPv4 addresses inside IPv6 ones: whoever routes the outer one may deliver to the inner one.</summary>
internal static class EmbeddedAddress
{
    /// <summary>NAT64: the well-known prefix (RFC 6052) has it at the end; the local-use one (RFC 8215) as /96 too.</summary>
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork LocalNat64 = IPNetwork.Parse("64:ff9b:1::/48");

    /// <summary>6to4 (RFC 3056) has it at byte 2, Teredo (RFC 4380) at the end with every bit inverted.</summary>
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");

    /// <summary>IPv4-compatible (RFC 4291, 2.5.5.1) and IPv4-translated (RFC 2765).</summary>
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");
    private static readonly IPNetwork Translated = IPNetwork.Parse("::ffff:0:0:0/96");

    /// <summary>The address without a scope, IPv4 where it is an IPv4-mapped one.</summary>
    public static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new(address.GetAddressBytes())
        : address;

    /// <summary>The IPv4 address inside; null where there is none.</summary>
    /// <param name="address">A plain one.</param>
    public static IPAddress? Of(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return null;
        var bytes = address.GetAddressBytes();
        if (SixToFour.Contains(address))
            return new(bytes.AsSpan(2, 4));
        if (Teredo.Contains(address))
            return new([(byte)~bytes[12], (byte)~bytes[13], (byte)~bytes[14], (byte)~bytes[15]]);
        var atEnd = Nat64.Contains(address) || LocalNat64.Contains(address) || Compatible.Contains(address) || Translated.Contains(address)
            || IsIsatap(bytes);
        return atEnd ? new(bytes.AsSpan(12, 4)) : null;
    }

    /// <summary>An interface identifier of ISATAP (RFC 5214, 6.1): 0000:5efe or 0200:5efe, then the IPv4 address.</summary>
    private static bool IsIsatap(byte[] bytes) => (bytes[8] & 0xfd) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
}
