using System.Net;
using System.Net.Sockets;

namespace Platform.Hosting.Outbound;

/// <summary>HTTP to addresses that others chose: no redirects, no proxy, no cookies, bodies as they are sent.</summary>
public static class OutboundHttp
{
    /// <summary>Handler whose connections go to public addresses only, unless <paramref name="allowPrivateNetworks"/>.</summary>
    /// <param name="connectTimeout">For the name's resolution and the connection together, TLS included.</param>
    public static SocketsHttpHandler CreateHandler(bool allowPrivateNetworks, TimeSpan connectTimeout)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = connectTimeout,
        };
        if (!allowPrivateNetworks)
            handler.ConnectCallback = (context, token) => ConnectAsync(context.DnsEndPoint, ResolveAsync, token);
        return handler;
    }

    /// <summary>
    /// Resolves once, keeps the public addresses and connects to one of exactly these, so that a name that changes its
    /// answer between check and use gains nothing.
    /// </summary>
    /// <exception cref="AddressRefusedException">No public address is among the answers.</exception>
    internal static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint target, Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken token)
    {
        var addresses = Array.FindAll(await resolve(target.Host, token), PublicAddress.IsPublic);
        if (addresses.Length == 0)
            throw new AddressRefusedException(target.Host);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Task<IPAddress[]> ResolveAsync(string host, CancellationToken token) =>
        Dns.GetHostAddressesAsync(host, token);
}
