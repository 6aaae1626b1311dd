using System.Net;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// Connections that were made under one list of the operator's networks serve no request under another: a new list
/// begins with no connection, and the idle ones of the old list are closed. Running requests keep theirs to their end.
/// </summary>
/// <param name="allowedNetworks">The list in force; another one is another reference.</param>
/// <param name="create">A handler that obeys it.</param>
internal sealed class GuardedHandler(Func<IReadOnlyList<IPNetwork>> allowedNetworks, Func<HttpMessageHandler> create) : HttpMessageHandler
{
    private readonly Lock _change = new();
    private volatile Connections _connections = new(allowedNetworks(), create());

    /// <summary>Closes idle connections that were made under another list than the one in force, if there are any.</summary>
    public void CloseOthers() => Current();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var connections = Current();
        try
        {
            return await connections.Invoker.SendAsync(request, cancellationToken);
        }
        catch (ObjectDisposedException) when (connections != Current())
        {
            // The list changed in this very moment; nothing was sent.
            return await Current().Invoker.SendAsync(request, cancellationToken);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _connections.Invoker.Dispose();
        base.Dispose(disposing);
    }

    private Connections Current()
    {
        var connections = _connections;
        return ReferenceEquals(connections.Networks, allowedNetworks()) ? connections : Renew();
    }

    private Connections Renew()
    {
        lock (_change)
        {
            var networks = allowedNetworks();
            if (ReferenceEquals(_connections.Networks, networks))
                return _connections;
            var old = _connections;
            _connections = new(networks, create());
            old.Invoker.Dispose();
            return _connections;
        }
    }

    private sealed class Connections(IReadOnlyList<IPNetwork> networks, HttpMessageHandler handler)
    {
        public IReadOnlyList<IPNetwork> Networks => networks;

        public HttpMessageInvoker Invoker { get; } = new(handler);
    }
}
