using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Platform.Control.Tests;

/// <summary>The names that Control finds when it looks at an address: all below example.com, and what a test adds.</summary>
internal sealed class TestNames
{
    private static readonly IPAddress Public = IPAddress.Parse("93.184.215.14");

    private readonly ConcurrentDictionary<string, Func<CancellationToken, Task<IPAddress[]>>> _names = new();

    /// <summary>The name answers these addresses; none is an answer without addresses.</summary>
    public void Set(string name, params string[] addresses) => _names[name] = _ => Task.FromResult(Array.ConvertAll(addresses, IPAddress.Parse));

    /// <summary>The name is never answered, whatever the token says.</summary>
    public void Hang(string name) => _names[name] = _ => new TaskCompletionSource<IPAddress[]>().Task;

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken ct) =>
        _names.TryGetValue(host, out var answer) ? answer(ct)
        : host.EndsWith(".example.com", StringComparison.Ordinal) ? Task.FromResult<IPAddress[]>([Public])
        : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
}
