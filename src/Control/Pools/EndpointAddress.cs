using System.Diagnostics.CodeAnalysis;
using System.Net;
using Platform.Contracts.Ids;

namespace Platform.Control.Pools;

/// <summary>
/// Which addresses a pool may have. This is the first of two checks: a name may resolve to anything, so the gateway
/// checks again where it connects.
/// </summary>
internal static class EndpointAddress
{
    private const string NotAnAddress = "must be an absolute http or https address without credentials, query or fragment";

    // Networks that are not the internet's: IANA's special-purpose registries (RFC 6890) and metadata services.
    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("198.18.0.0/15"), IPNetwork.Parse("198.51.100.0/24"), IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/3"), IPNetwork.Parse("::/8"), IPNetwork.Parse("64:ff9b::/96"), IPNetwork.Parse("64:ff9b:1::/48"),
        IPNetwork.Parse("100::/64"), IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("2002::/16"),
        IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("ff00::/8"),
    ];

    /// <summary>A clean address, or what is wrong with it. An operator's pool may be plain http and private; a tenant's may be neither.</summary>
    public static bool TryParse(string text, TenantId owner, [NotNullWhen(true)] out string? url, [NotNullWhen(false)] out string? fault)
    {
        (url, fault) = (null, null);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri is not { UserInfo: "", Query: "", Fragment: "" } || uri.Host.Length == 0
            || text.AsSpan().ContainsAny('?', '#', '@'))
        {
            fault = NotAnAddress;
        }
        else if (owner != TenantId.Platform && uri.Scheme != Uri.UriSchemeHttps)
        {
            fault = "must be https";
        }
        else if (owner != TenantId.Platform && IsPrivate(uri))
        {
            fault = "must not be an address of a private network";
        }
        else
        {
            url = uri.AbsoluteUri.TrimEnd('/');
        }
        return url is not null;
    }

    private static bool IsPrivate(Uri uri)
    {
        var host = uri.IdnHost.TrimEnd('.');
        if (uri.IsLoopback || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase))
            return true;
        if (!IPAddress.TryParse(host.Trim('[', ']'), out var address))
            return false;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return Private.Any(n => n.BaseAddress.AddressFamily == address.AddressFamily && n.Contains(address));
    }
}
