using System.Net;

namespace Platform.Contracts.Api;

/// <summary>A network that an operator may open to tenants' endpoints.</summary>
public static class AllowedNetwork
{
    /// <summary>What no setting opens: an endpoint there would be the agent's own host, or its cloud credentials.</summary>
    private static readonly IPNetwork[] Never =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("100.100.100.200/32"),
        IPNetwork.Parse("224.0.0.0/3"), IPNetwork.Parse("::/127"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("fd00:ec2::254/128"), IPNetwork.Parse("ff00::/8"),
        IPNetwork.Parse("::ffff:0:0/96"), IPNetwork.Parse("64:ff9b::/96"), IPNetwork.Parse("2002::/16"),
    ];

    /// <summary>Null where it is one.</summary>
    public static string? FaultOf(string? text)
    {
        if (text is not { Length: <= 49 }
            || !IPNetwork.TryParse(text, out var network)
            || text.IndexOf('/', StringComparison.Ordinal) is not (> 0 and var slash)
            || !IPAddress.Parse(text.AsSpan(0, slash)).Equals(network.BaseAddress))
            return "A network is written as in 10.1.0.0/16, without bits after its prefix.";
        return Array.Exists(Never, never => Overlap(never, network))
            ? "Loopback, link-local, metadata, multicast and mapped addresses are never allowed."
            : null;
    }

    /// <summary>Of two networks of one family, one is in the other where they agree up to the shorter prefix.</summary>
    private static bool Overlap(IPNetwork one, IPNetwork other)
    {
        if (one.BaseAddress.AddressFamily != other.BaseAddress.AddressFamily)
            return false;
        var (left, right) = (one.BaseAddress.GetAddressBytes(), other.BaseAddress.GetAddressBytes());
        var bits = Math.Min(one.PrefixLength, other.PrefixLength);
        var (whole, rest) = (bits / 8, bits % 8);
        return left.AsSpan(0, whole).SequenceEqual(right.AsSpan(0, whole))
            && (rest == 0 || (left[whole] ^ right[whole]) >> (8 - rest) == 0);
    }
}
