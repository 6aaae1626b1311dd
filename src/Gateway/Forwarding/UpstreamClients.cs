using System.Net;
using Platform.Gateway.Configuration;
using Platform.Hosting.Outbound;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// Connections to endpoints: one set for pools that an operator made, one that reaches public addresses and the
/// operator's allowed networks only.
/// </summary>
internal sealed class UpstreamClients : IDisposable
{
    /// <summary>HTTP/1.1, which every engine speaks.</summary>
    public static readonly Version Version = HttpVersion.Version11;

    /// <summary>Below the 5 s after which uvicorn, and with it vLLM, closes an idle connection.</summary>
    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(4);

    private readonly IHttpForwarder _forwarder;
    private readonly CurrentSnapshot _current;
    private readonly HttpMessageInvoker _open;
    private readonly HttpMessageInvoker _guarded;
    private readonly GuardedHandler _guard;

    /// <summary>Deadlines are <see cref="TryClock"/>'s; YARP's own is beyond them.</summary>
    private readonly ForwarderRequestConfig _config;

    public UpstreamClients(IHttpForwarder forwarder, UpstreamSettings settings, CurrentSnapshot current)
    {
        (_forwarder, _current) = (forwarder, current);
        _config = new()
        {
            Version = Version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = TimeSpan.FromSeconds(settings.TotalSeconds + 60),
        };
        _open = new(CreateHandler(settings, allowPrivateNetworks: true));
        _guard = new(() => Allowed(current), () => CreateHandler(settings, allowPrivateNetworks: false, () => Allowed(current)));
        _guarded = new(_guard);
        current.Swapped += OnSwapped;
    }

    /// <summary>The transformer knows the address and takes the answer.</summary>
    /// <param name="through">Sends in place of the pool's own connections, through which it may; null for those.</param>
    public async Task SendAsync(HttpContext http, PoolModel pool, HttpTransformer transformer, CancellationToken token, HttpMessageHandler? through = null) =>
        await _forwarder.SendAsync(
            http, "http://upstream", through is null ? InvokerOf(pool) : new(through, disposeHandler: false), _config, transformer, token);

    /// <summary>Connections to the pool's endpoints.</summary>
    public HttpMessageInvoker InvokerOf(PoolModel pool) => pool.AllowPrivateNetworks ? _open : _guarded;

    public void Dispose()
    {
        _current.Swapped -= OnSwapped;
        _open.Dispose();
        _guarded.Dispose();
    }

    private void OnSwapped(Snapshot before, Snapshot after) => _guard.CloseOthers();

    private static IReadOnlyList<IPNetwork> Allowed(CurrentSnapshot current) => (current.Value ?? Snapshot.Empty).Platform.AllowedNetworks;

    private static SocketsHttpHandler CreateHandler(
        UpstreamSettings settings, bool allowPrivateNetworks, Func<IReadOnlyList<IPNetwork>>? allowedNetworks = null)
    {
        var handler = OutboundHttp.CreateHandler(
            allowPrivateNetworks, TimeSpan.FromMilliseconds(settings.ConnectMilliseconds), allowedNetworks);
        handler.PooledConnectionIdleTimeout = IdleConnection;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        handler.ActivityHeadersPropagator = new TracePropagator();
        return handler;
    }
}
