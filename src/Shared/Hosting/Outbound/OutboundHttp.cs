using System.Net;
using System.Net.Sockets;

namespace Platform.Hosting.Outbound;

/// <summary>HTTP to addresses that others chose: no redirects, no proxy, no cookies, bodies as they are sent.</summary>
public static class OutboundHttp
{
    private static readonly IReadOnlyList<IPNetwork> None = [];

    /// <summary>
    /// Handler whose connections go to public addresses and the operator's networks only, unless
    /// <paramref name="allowPrivateNetworks"/>.
    /// </summary>
    /// <param name="connectTimeout">For the name's resolution and the connection together, TLS included.</param>
    /// <param name="allowedNetworks">Asked at each new connection; none without it. Connections that were made stay open.</param>
    public static SocketsHttpHandler CreateHandler(
        bool allowPrivateNetworks, TimeSpan connectTimeout, Func<IReadOnlyList<IPNetwork>>? allowedNetworks = null)
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
        {
            handler.ConnectCallback = (context, token) =>
                ConnectAsync(context.DnsEndPoint, allowedNetworks?.Invoke() ?? None, ResolveAsync, OpenAsync, token);
        }
        return handler;
    }

    /// <summary>
    /// Resolves once, keeps the addresses that are allowed and connects to one of exactly these, so that a name that
    /// changes its answer between check and use gains nothing.
    /// </summary>
    /// <exception cref="AddressRefusedException">No address among the answers is allowed.</exception>
    internal static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint target,
        IReadOnlyList<IPNetwork> allowedNetworks,
        Func<string, CancellationToken, Task<IPAddress[]>> resolve,
        Func<IPAddress[], int, CancellationToken, ValueTask<Stream>> open,
        CancellationToken token)
    {
        var addresses = Array.FindAll(await resolve(target.Host, token), a => AddressRules.IsAllowed(a, allowedNetworks));
        return addresses.Length == 0
            ? throw new AddressRefusedException(target.Host)
            : await open(addresses, target.Port, token);
    }

    private static async ValueTask<Stream> OpenAsync(IPAddress[] addresses, int port, CancellationToken token)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>An address is itself: the resolver throws at some, such as 0.0.0.0.</summary>
    private static Task<IPAddress[]> ResolveAsync(string host, CancellationToken token) =>
        IPAddress.TryParse(host, out var address) ? Task.FromResult<IPAddress[]>([address]) : Dns.GetHostAddressesAsync(host, token);
}
