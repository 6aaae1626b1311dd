using System.Net.Sockets;
using System.Text;

namespace Platform.Gateway.Tests.World;

/// <summary>Sends header lines that an HTTP client would not send.</summary>
internal sealed class RawCallerWithHeader(TestTenant tenant, string lines) : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);

    public async Task<string> AnswerAsync()
    {
        var token = TestContext.Current.CancellationToken;
        var body = tenant.Body();
        await _socket.ConnectAsync(tenant.Gateway.Url.Host, tenant.Gateway.Url.Port, token);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.Key}\r\nConnection: close\r\nContent-Type: application/json\r\n{lines}Content-Length: {body.Length}\r\n\r\n{body}"), token);
        await using var stream = new NetworkStream(_socket);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(token);
    }

    public void Dispose() => _socket.Dispose();
}
