using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Platform.TestKit.Upstream;

/// <summary>
/// Asks Linux how many bytes the other end of a local connection has not read, so that packets can be kept apart:
/// sock_diag(7), one socket by its two addresses, a few microseconds. <c>/proc/net/tcp</c> knows the same and takes
/// milliseconds.
/// </summary>
internal static class UnreadBytes
{
    private const int Netlink = 16;
    private const int RawCloseOnExec = 3 | 0x80000;
    private const int SocketDiagnostics = 4;
    private const int ByFamily = 20;
    private const int HeaderLength = 16;
    private const int RequestLength = HeaderLength + 56;
    private const int UnreadOffset = HeaderLength + 4 + 48 + 4;

    private static readonly Lock Asking = new();
    private static readonly int Kernel = Open();

    public static async Task WaitForNoneAsync(Socket ours, CancellationToken cancel)
    {
        var question = Question(reader: (IPEndPoint)ours.RemoteEndPoint!, writer: (IPEndPoint)ours.LocalEndPoint!);
        for (var tries = 0; Ask(question) > 0; tries++)
        {
            if (tries < 50)
                await Task.Yield();
            else
                await Task.Delay(1, cancel);
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>An <c>inet_diag_req_v2</c> for one IPv4 connection, seen from the reader's end; a dual-mode socket is found by it too.</summary>
    private static byte[] Question(IPEndPoint reader, IPEndPoint writer)
    {
        var question = new byte[RequestLength];
        BitConverter.TryWriteBytes(question.AsSpan(0), RequestLength);
        BitConverter.TryWriteBytes(question.AsSpan(4), (ushort)ByFamily);
        BitConverter.TryWriteBytes(question.AsSpan(6), (ushort)1);
        var request = question.AsSpan(HeaderLength);
        (request[0], request[1]) = ((byte)AddressFamily.InterNetwork, (byte)ProtocolType.Tcp);
        BitConverter.TryWriteBytes(request[4..], uint.MaxValue);
        BinaryPrimitives.WriteUInt16BigEndian(request[8..], (ushort)reader.Port);
        BinaryPrimitives.WriteUInt16BigEndian(request[10..], (ushort)writer.Port);
        reader.Address.MapToIPv4().TryWriteBytes(request[12..], out _);
        writer.Address.MapToIPv4().TryWriteBytes(request[28..], out _);
        request[48..56].Fill(0xFF);
        return question;
    }

    /// <summary>0 also where the kernel knows no such socket: its reader has left.</summary>
    private static uint Ask(byte[] question)
    {
        var answer = new byte[4096];
        lock (Asking)
        {
            if (send(Kernel, question, question.Length, 0) != question.Length)
                throw new SocketException(Marshal.GetLastPInvokeError());
            var length = recv(Kernel, answer, answer.Length, 0);
            return length >= UnreadOffset + 4 && BitConverter.ToUInt16(answer, 4) == ByFamily ? BitConverter.ToUInt32(answer, UnreadOffset) : 0;
        }
    }

    private static int Open()
    {
        var kernel = OperatingSystem.IsLinux() ? socket(Netlink, RawCloseOnExec, SocketDiagnostics) : -1;
        return kernel >= 0 ? kernel : throw new PlatformNotSupportedException("Pace.UntilRead needs Linux and its sock_diag.");
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int socket(int domain, int type, int protocol);

    [DllImport("libc", SetLastError = true)]
    private static extern nint send(int socket, byte[] buffer, nint length, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern nint recv(int socket, byte[] buffer, nint length, int flags);
}
