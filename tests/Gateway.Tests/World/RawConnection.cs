using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Platform.Gateway.Tests.World;

/// <summary>A connection whose bytes are the test's, for what an HTTP client would not say.</summary>
internal sealed class RawConnection : IDisposable
{
    private const int FrameHead = 9;
    private const byte EndHeaders = 4;

    private static readonly byte[] Http2Preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8];

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<RawConnection> OpenAsync(Uri url)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(url.Host, url.Port, TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>Sends what is to be sent, and returns all that came until the other side closed.</summary>
    public static async Task<string> AskAsync(Uri url, string sent)
    {
        using var connection = await OpenAsync(url);
        await connection.SendAsync(sent);
        return await connection.ReadToEndAsync();
    }

    public async Task SendAsync(string text) => await SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await _socket.SendAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>The preface and no settings of one's own (RFC 9113, 3.4).</summary>
    public async Task BeginHttp2Async() => await SendAsync([.. Http2Preface, .. Frame(Http2Frame.Settings, 0, 0, [])]);

    public async Task SendFrameAsync(Http2Frame type, byte flags, int stream, byte[] payload) => await SendAsync(Frame(type, flags, stream, payload));

    /// <summary>A request's headers as literals that are not indexed (RFC 7541, 6.2.2); its body is to follow.</summary>
    public async Task SendHeadersAsync(int stream, params (string Name, string Value)[] headers) =>
        await SendFrameAsync(Http2Frame.Headers, EndHeaders, stream, [.. headers.SelectMany(h => (byte[])[0, .. Literal(h.Name), .. Literal(h.Value)])]);

    /// <summary>The next frame (RFC 9113, 4.1); null where the other side closed.</summary>
    public async Task<(Http2Frame Type, int Stream, byte[] Payload)?> ReadFrameAsync()
    {
        var head = new byte[FrameHead];
        if (!await TryFillAsync(head))
            return null;
        var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
        return await TryFillAsync(payload) ? ((Http2Frame)head[3], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload) : null;
    }

    /// <summary>The next frame of a type, others before it left out.</summary>
    public async Task<(int Stream, byte[] Payload)> ReadUntilAsync(Http2Frame type)
    {
        while (await ReadFrameAsync() is var (found, stream, payload))
        {
            if (found == type)
                return (stream, payload);
        }
        throw new EndOfStreamException($"The other side closed before a frame of type {type} came.");
    }

    /// <summary>All that comes until the other side closes, in whatever way.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var seen = new StringBuilder();
        var buffer = new byte[4096];
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        while (await ReceiveAsync(buffer, deadline.Token) is var read and > 0)
            seen.Append(Encoding.Latin1.GetString(buffer, 0, read));
        return seen.ToString();
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>As it is, of up to 126 bytes (RFC 7541, 5.2).</summary>
    private static byte[] Literal(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Frame(Http2Frame type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[FrameHead + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = (byte)type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, FrameHead);
        return frame;
    }

    private async Task<bool> TryFillAsync(byte[] buffer)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        for (var filled = 0; filled < buffer.Length;)
        {
            var read = await ReceiveAsync(buffer.AsMemory(filled), deadline.Token);
            if (read == 0)
                return false;
            filled += read;
        }
        return true;
    }

    private async Task<int> ReceiveAsync(Memory<byte> buffer, CancellationToken token)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer, token);
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}

/// <summary>RFC 9113, 6.</summary>
internal enum Http2Frame : byte
{
    Data = 0,
    Headers = 1,
    Reset = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
}
