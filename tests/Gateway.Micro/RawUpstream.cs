using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Platform.Gateway.Micro;

/// <summary>Answers every request with the same bytes and allocates nothing for it, since its allocations would count as the agent's.</summary>
internal sealed class RawUpstream : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _answer =
    [
        .. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Samples.Answer.Length}\r\n\r\n"), .. Samples.Answer,
    ];

    public RawUpstream()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync());
        }
        catch (SocketException)
        {
            // Disposed: nobody asks any more.
        }
        catch (ObjectDisposedException)
        {
            // The same.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            socket.NoDelay = true;
            var buffer = new byte[16 * 1024];
            var filled = 0;
            while (await socket.ReceiveAsync(buffer.AsMemory(filled)) is var count and > 0)
            {
                filled += count;
                if (!IsWhole(buffer.AsSpan(0, filled)))
                    continue;
                filled = 0;
                await socket.SendAsync(_answer);
            }
        }
    }

    /// <summary>All bodies here end in a brace, and no head does.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> request) => request.IndexOf("\r\n\r\n"u8) > 0 && request[^1] == (byte)'}';
}
