using System.Collections.Concurrent;
using System.Net.Security;
using Platform.Gateway.Configuration;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// Connections to endpoints of pools with a TLS identity of their own: one set for each such pool of the snapshot in force,
/// made when it is first used. What the snapshot drops ends with the last request that was sent through it.
/// </summary>
/// <param name="create">True where the pool's endpoints may be in private networks; then the options of TLS, made anew for each handler.</param>
internal sealed class IdentityClients(CurrentSnapshot current, Func<bool, Func<SslClientAuthenticationOptions>, UpstreamClient> create) : IDisposable
{
    private readonly ConcurrentDictionary<Key, Lazy<UpstreamClient>> _clients = new();

    /// <summary>Sets of connections that are kept.</summary>
    public int Count => _clients.Count;

    /// <summary>To be left when the request is over.</summary>
    public UpstreamClient Enter(PoolModel pool, UpstreamIdentity identity)
    {
        var key = new Key(identity, pool.AllowPrivateNetworks);
        var lazy = _clients.GetOrAdd(key, static (k, make) => new(() => make(k.AllowPrivateNetworks, k.Identity.NewOptions)), create);
        var entered = lazy.Value.TryEnter();
        // Added first and looked at then: whoever swaps does it the other way around, so one of both sees the other.
        if (current.Value?.Pools.GetValueOrDefault(pool.Id) is not { } now || KeyOf(now) != key)
            Drop(key);
        // A request of an older snapshot, whose connections ended in this moment.
        return entered ? lazy.Value : create(pool.AllowPrivateNetworks, identity.NewOptions);
    }

    /// <summary>Drops what no pool has any more, and closes idle connections that a new list of networks may not allow.</summary>
    public void Settle(Snapshot after)
    {
        if (_clients.IsEmpty)
            return;
        var alive = after.Pools.Values.Select(KeyOf).OfType<Key>().ToHashSet();
        foreach (var (key, client) in _clients)
        {
            if (!alive.Contains(key))
                Drop(key);
            else if (client.IsValueCreated)
                client.Value.CloseOthers();
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(c => c.IsValueCreated))
            client.Value.Dispose();
    }

    private static Key? KeyOf(PoolModel pool) => pool.Identity is { } identity ? new(identity, pool.AllowPrivateNetworks) : null;

    private void Drop(Key key)
    {
        if (_clients.TryRemove(key, out var client))
            client.Value.Leave();
    }

    /// <summary>By reference: documents that say the same keep the object.</summary>
    private sealed record Key(UpstreamIdentity Identity, bool AllowPrivateNetworks);
}
