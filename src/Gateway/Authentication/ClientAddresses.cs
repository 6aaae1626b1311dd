using System.Net;
using Platform.Hosting.Outbound;

namespace Platform.Gateway.Authentication;

/// <summary>
/// Where a request comes from: the connection's other end, or where that is a trusted proxy, the hop that it names. Of
/// <c>X-Forwarded-For</c> only what trusted proxies appended counts, so the right-most hop that is none of them.
/// </summary>
internal sealed class ClientAddresses(NetworkSettings settings)
{
    private const string ForwardedFor = "X-Forwarded-For";

    private readonly IReadOnlyList<IPNetwork> _trusted = settings.ReadTrustedProxies();

    /// <summary>Null where it is not known: a hop that a trusted proxy appended is no address.</summary>
    public IPAddress? Of(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        if (_trusted.Count == 0 || address is null || !IpRange.Contains(_trusted, address))
            return address;
        var lines = context.Request.Headers[ForwardedFor];
        for (var line = lines.Count - 1; line >= 0; line--)
        {
            var rest = lines[line].AsSpan();
            while (!rest.IsEmpty)
            {
                var comma = rest.LastIndexOf(',');
                if (!TryParseHop(rest[(comma + 1)..].Trim(), out address))
                    return null;
                if (!IpRange.Contains(_trusted, address!))
                    return address;
                rest = comma < 0 ? [] : rest[..comma];
            }
        }
        return address;
    }

    /// <summary>An address, with a port where the proxy writes one: <c>192.0.2.1:80</c>, <c>[2001:db8::1]:80</c>.</summary>
    private static bool TryParseHop(ReadOnlySpan<char> text, out IPAddress? address)
    {
        if (IPAddress.TryParse(text, out address))
            return true;
        if (!IPEndPoint.TryParse(text, out var withPort))
            return false;
        address = withPort.Address;
        return true;
    }
}
