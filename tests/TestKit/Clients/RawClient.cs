using System.Net.Sockets;
using System.Text;

namespace Platform.TestKit.Clients;

/// <summary>A caller on a raw socket: sends any bytes, sees every read on its own and how the connection ends.</summary>
public sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 << 10];

    private RawClient()
    {
    }

    /// <summary>Null until the other side has ended the connection.</summary>
    public RawEnd? End { get; private set; }

    public static async Task<RawClient> ConnectAsync(Uri server)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(server.Host, server.Port).WaitAsync(Patience);
        return client;
    }

    /// <summary>A POST of JSON as a string of HTTP; further header lines end in CRLF each.</summary>
    public static string Post(string path, string body, string headers = "") =>
        $"POST {path} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _socket.SendAsync(bytes).AsTask().WaitAsync(Patience);

    /// <summary>What one read brings; empty when the connection has ended.</summary>
    public async Task<byte[]> ReadAsync(TimeSpan? within = null)
    {
        try
        {
            var read = await _socket.ReceiveAsync(_buffer).WaitAsync(within ?? Patience);
            if (read == 0)
                End = RawEnd.Fin;
            return _buffer[..read];
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            End = RawEnd.Reset;
            return [];
        }
    }

    /// <summary>Every read until the end, or until the bytes so far satisfy <paramref name="enough"/>.</summary>
    public async Task<IReadOnlyList<byte[]>> ReadAllAsync(Predicate<string>? enough = null)
    {
        var reads = new List<byte[]>();
        while (await ReadAsync() is { Length: > 0 } read)
        {
            reads.Add(read);
            if (enough?.Invoke(Encoding.UTF8.GetString([.. reads.SelectMany(r => r)])) == true)
                break;
        }
        return reads;
    }

    public async Task<string> ReadTextAsync(Predicate<string>? enough = null) =>
        Encoding.UTF8.GetString([.. (await ReadAllAsync(enough)).SelectMany(r => r)]);

    /// <summary>Half-closes: FIN, while the answer can still be read.</summary>
    public void Finish() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Leaves with RST.</summary>
    public void Reset()
    {
        _socket.LingerState = new(true, 0);
        _socket.Close();
    }

    /// <summary>Leaves with FIN, or with RST where something was not read.</summary>
    public void Dispose() => _socket.Dispose();
}

public enum RawEnd
{
    Fin,
    Reset,
}
