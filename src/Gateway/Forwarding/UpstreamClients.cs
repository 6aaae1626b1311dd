using System.Net;
using System.Net.Security;
using Platform.Gateway.Configuration;
using Platform.Hosting.Outbound;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// Connections to endpoints: one set for pools that an operator made, one that reaches public addresses and the
/// operator's allowed networks only, and one for each pool with a TLS identity of its own.
/// </summary>
internal sealed class UpstreamClients : IDisposable
{
    /// <summary>The transformer says the address.</summary>
    private const string Prefix = "http://upstream";

    /// <summary>HTTP/1.1, which every engine speaks.</summary>
    public static readonly Version Version = HttpVersion.Version11;

    /// <summary>Below the 5 s after which uvicorn, and with it vLLM, closes an idle connection.</summary>
    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(4);

    private readonly IHttpForwarder _forwarder;
    private readonly CurrentSnapshot _current;
    private readonly UpstreamSettings _settings;
    private readonly UpstreamClient _open;
    private readonly UpstreamClient _guarded;

    /// <summary>Deadlines are <see cref="TryClock"/>'s; YARP's own is beyond them.</summary>
    private readonly ForwarderRequestConfig _config;

    public UpstreamClients(IHttpForwarder forwarder, UpstreamSettings settings, CurrentSnapshot current)
    {
        (_forwarder, _current, _settings) = (forwarder, current, settings);
        _config = new()
        {
            Version = Version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = TimeSpan.FromSeconds(settings.TotalSeconds + 60),
        };
        _open = Create(allowPrivateNetworks: true, () => new());
        _guarded = Create(allowPrivateNetworks: false, () => new());
        Identities = new(current, Create);
        current.Swapped += OnSwapped;
    }

    public IdentityClients Identities { get; }

    /// <summary>The transformer knows the address and takes the answer.</summary>
    /// <param name="through">Sends in place of the pool's own connections, through which it may; null for those.</param>
    public async Task SendAsync(HttpContext http, PoolModel pool, HttpTransformer transformer, CancellationToken token, HttpMessageHandler? through = null) =>
        await _forwarder.SendAsync(
            http, Prefix, through is null ? InvokerOf(pool) : new(through, disposeHandler: false), _config, transformer, token);

    /// <summary>Connections to the pool's endpoints.</summary>
    public HttpMessageInvoker InvokerOf(PoolModel pool) => pool.Identity is { } identity
        ? new(new IdentityHandler(Identities, pool, identity))
        : (pool.AllowPrivateNetworks ? _open : _guarded).Invoker;

    public void Dispose()
    {
        _current.Swapped -= OnSwapped;
        Identities.Dispose();
        _open.Dispose();
        _guarded.Dispose();
    }

    private void OnSwapped(Snapshot before, Snapshot after)
    {
        _guarded.CloseOthers();
        if (!ReferenceEquals(before.Pools, after.Pools) || !ReferenceEquals(before.Platform, after.Platform))
            Identities.Settle(after);
    }

    private static IReadOnlyList<IPNetwork> Allowed(CurrentSnapshot current) => (current.Value ?? Snapshot.Empty).Platform.AllowedNetworks;

    private UpstreamClient Create(bool allowPrivateNetworks, Func<SslClientAuthenticationOptions> newTls)
    {
        if (allowPrivateNetworks)
            return new(new(NewHandler(allowedNetworks: null)), null);
        var guard = new GuardedHandler(() => Allowed(_current), () => NewHandler(() => Allowed(_current)));
        return new(new(guard), guard);

        SocketsHttpHandler NewHandler(Func<IReadOnlyList<IPNetwork>>? allowedNetworks) => CreateHandler(_settings, newTls(), allowedNetworks);
    }

    /// <param name="allowedNetworks">Besides public addresses; any where it is null.</param>
    private static SocketsHttpHandler CreateHandler(
        UpstreamSettings settings, SslClientAuthenticationOptions tls, Func<IReadOnlyList<IPNetwork>>? allowedNetworks)
    {
        var handler = OutboundHttp.CreateHandler(
            allowedNetworks is null, TimeSpan.FromMilliseconds(settings.ConnectMilliseconds), allowedNetworks);
        handler.SslOptions = tls;
        handler.PooledConnectionIdleTimeout = IdleConnection;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        handler.ActivityHeadersPropagator = new TracePropagator();
        return handler;
    }
}
