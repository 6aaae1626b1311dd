using System.Diagnostics;
using Platform.Gateway.Configuration;
using Platform.Hosting.Outbound;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Forwarding;

/// <summary>Connections to endpoints: one set for pools that an operator made, one that reaches public addresses only.</summary>
internal sealed class UpstreamClients(UpstreamSettings settings) : IDisposable
{
    /// <summary>Below the 5 s after which uvicorn, and with it vLLM, closes an idle connection.</summary>
    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(4);

    private readonly HttpMessageInvoker _open = Create(true, settings);
    private readonly HttpMessageInvoker _guarded = Create(false, settings);

    public HttpMessageInvoker For(PoolModel pool) => pool.AllowPrivateNetworks ? _open : _guarded;

    public void Dispose()
    {
        _open.Dispose();
        _guarded.Dispose();
    }

    private static HttpMessageInvoker Create(bool allowPrivateNetworks, UpstreamSettings settings)
    {
        var handler = OutboundHttp.CreateHandler(allowPrivateNetworks, TimeSpan.FromMilliseconds(settings.ConnectMilliseconds));
        handler.PooledConnectionIdleTimeout = IdleConnection;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        handler.ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current);
        return new(handler);
    }
}
