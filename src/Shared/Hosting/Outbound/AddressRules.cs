using System.Net;
using System.Net.Sockets;

namespace Platform.Hosting.Outbound;

/// <summary>
/// Which addresses may be connected to on behalf of somebody who chose the name: the public ones, and what the operator
/// allows besides. The same rules hold where an address is stored and where it is connected to.
/// </summary>
public static class AddressRules
{
    /// <summary>
    /// Never allowed, whatever the operator's list says: this host, link-local, multicast, and where clouds answer for
    /// the host (169.254.169.254 and fd00:ec2::254 in AWS, fd20:ce::254 in Google's, 168.63.129.16 in Azure,
    /// 100.100.100.200 in Alibaba's, 192.0.0.192 in Oracle's).
    /// </summary>
    private static readonly IPNetwork[] Never = Array.ConvertAll(
        [
            "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32", "224.0.0.0/4",
            "255.255.255.255/32", "::/127", "fe80::/10", "fd00:ec2::254/128", "fd20:ce::254/128", "ff00::/8",
        ],
        text => IPNetwork.Parse(text));

    /// <summary>Whether a connection to the address may be made.</summary>
    /// <param name="allowedNetworks">The operator's, besides the public addresses.</param>
    public static bool IsAllowed(IPAddress address, IReadOnlyList<IPNetwork> allowedNetworks)
    {
        if (PublicAddress.IsPublic(address))
            return true;
        var plain = EmbeddedAddress.Plain(address);
        return !IsNever(plain) && IpRange.Contains(allowedNetworks, plain);
    }

    /// <summary>
    /// Whether an address may be stored: false where its host is written as an address that is not allowed, or is a name
    /// of this host. Any other name passes, and what it resolves to is looked at where it is connected to.
    /// </summary>
    /// <param name="url">Absolute; its host as <see cref="Uri"/> reads it, so that 2130706433 and 0x7f.1 are 127.0.0.1.</param>
    /// <param name="allowedNetworks">The operator's, besides the public addresses.</param>
    public static bool MayBeAllowed(Uri url, IReadOnlyList<IPNetwork> allowedNetworks)
    {
        var host = url.IdnHost.TrimEnd('.');
        if (host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase))
            return false;
        return !IPAddress.TryParse(host, out var address) || IsAllowed(address, allowedNetworks);
    }

    private static bool IsNever(IPAddress address) =>
        address.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
        || Array.Exists(Never, n => n.Contains(address))
        || (EmbeddedAddress.Of(address) is { } inner && IsNever(inner));
}
