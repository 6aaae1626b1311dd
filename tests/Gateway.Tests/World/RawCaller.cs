using System.Net.Sockets;
using System.Text;

namespace Platform.Gateway.Tests.World;

/// <summary>A caller whose connection is in the test's hand: it reads when it is told to, and leaves when it is told to.</summary>
internal sealed class RawCaller : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8 * 1024 };
    private string _seen = "";

    public static async Task<RawCaller> PostAsync(TestTenant tenant, string body, string path = "/v1/chat/completions")
    {
        var caller = new RawCaller();
        await caller._socket.ConnectAsync(tenant.Gateway.Url.Host, tenant.Gateway.Url.Port, TestContext.Current.CancellationToken);
        var request = $"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.Key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        await caller._socket.SendAsync(Encoding.UTF8.GetBytes(request), TestContext.Current.CancellationToken);
        return caller;
    }

    /// <summary>What came until this text came.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        var buffer = new byte[4096];
        while (!_seen.Contains(text, StringComparison.Ordinal))
        {
            var read = await _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            if (read == 0)
                throw new EndOfStreamException(_seen);
            _seen += Encoding.UTF8.GetString(buffer, 0, read);
        }
        return _seen;
    }

    public void Leave() => _socket.Close();

    public void Dispose() => _socket.Dispose();
}
