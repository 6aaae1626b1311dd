using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Platform.Hosting.Outbound;

/// <summary>Networks in CIDR notation (RFC 4632, RFC 4291), as operators and tenants write them.</summary>
public static class IpRange
{
    private const int MappedBits = 96;

    /// <summary>
    /// Reads <c>10.0.0.0/8</c>, <c>2001:db8::/32</c> or one address. An IPv4-mapped network is the IPv4 network. Bits of
    /// the host must be zero, and IPv4 is decimal: 010.0.0.0 means 8.0.0.0 to some.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out IPNetwork network)
    {
        network = default;
        if (text is null || text.Contains('%'))
            return false;
        var slash = text.IndexOf('/');
        var addressText = slash < 0 ? text : text[..slash];
        if (!IPAddress.TryParse(addressText, out var address)
            || (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != addressText) || addressText.StartsWith('['))
            return false;
        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var length = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bits))
            return false;
        if (address.IsIPv4MappedToIPv6)
        {
            if (length < MappedBits)
                return false;
            (address, length) = (address.MapToIPv4(), length - MappedBits);
        }
        return HasNoHostBits(address, length) && IPNetwork.TryParse($"{address}/{length}", out network);
    }

    /// <summary>Whether one of the networks has the address; an IPv4-mapped address is the IPv4 one, a scope does not matter.</summary>
    public static bool Contains(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        var plain = EmbeddedAddress.Plain(address);
        for (var i = 0; i < networks.Count; i++)
        {
            if (networks[i].Contains(plain))
                return true;
        }
        return false;
    }

    /// <summary>The networks that are in both lists: of two that overlap, the smaller.</summary>
    public static IReadOnlyList<IPNetwork> Intersect(IReadOnlyList<IPNetwork> a, IReadOnlyList<IPNetwork> b) =>
        [.. (from x in a from y in b let smaller = Smaller(x, y) where smaller is not null select smaller.Value).Distinct()];

    private static IPNetwork? Smaller(IPNetwork x, IPNetwork y) =>
        x.PrefixLength <= y.PrefixLength && x.Contains(y.BaseAddress) ? y
        : y.Contains(x.BaseAddress) && y.PrefixLength <= x.PrefixLength ? x
        : null;

    private static bool HasNoHostBits(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            if ((bytes[bit / 8] & (0x80 >> (bit % 8))) != 0)
                return false;
        }
        return true;
    }
}
