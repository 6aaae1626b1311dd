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

    /// <summary>Below the 5 s after which uvicorn, and with it vLLM, closes an idle connection.</summary>
    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(4);

    private readonly IHttpForwarder _forwarder;
    private readonly CurrentSnapshot _current;
    private readonly UpstreamSettings _settings;
    private readonly UpstreamClient _open;
    private readonly UpstreamClient _guarded;

    /// <summary>HTTP/1.1, which every engine speaks. Deadlines are <see cref="TryClock"/>'s; YARP's own is beyond them.</summary>
    private readonly ForwarderRequestConfig _config;

    public UpstreamClients(IHttpForwarder forwarder, UpstreamSettings settings, CurrentSnapshot current)
    {
        (_forwarder, _current, _settings) = (forwarder, current, settings);
        _config = new()
        {
            Version = HttpVersion.Version11,
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
    public async Task SendAsync(HttpContext http, PoolModel pool, HttpTransformer transformer, CancellationToken token)
    {
        if (pool.Identity is null)
        {
            await _forwarder.SendAsync(http, Prefix, (pool.AllowPrivateNetworks ? _open : _guarded).Invoker, _config, transformer, token);
            return;
        }
        var client = Identities.Enter(pool, pool.Identity);
        try
        {
            await _forwarder.SendAsync(http, Prefix, client.Invoker, _config, transformer, token);
        }
        finally
        {
            client.Leave();
        }
    }

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
