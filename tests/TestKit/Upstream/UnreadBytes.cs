using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Platform.TestKit.Upstream;

/// <summary>Asks Linux how many bytes the other end of a local connection has not read, so that packets can be kept apart.</summary>
internal static class UnreadBytes
{
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    public static async Task WaitForNoneAsync(Socket ours, CancellationToken cancel)
    {
        var (local, remote) = ((IPEndPoint)ours.LocalEndPoint!, (IPEndPoint)ours.RemoteEndPoint!);
        for (var tries = 0; Of(reader: remote.Port, writer: local.Port) > 0; tries++)
        {
            if (tries < 10)
                await Task.Yield();
            else
                await Task.Delay(1, cancel);
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A line reads <c>sl local_address rem_address st tx_queue:rx_queue ...</c>, ports and queues in hexadecimal (proc(5)).</summary>
    private static long Of(int reader, int writer)
    {
        var (here, there) = ($":{reader:X4}", $":{writer:X4}");
        foreach (var table in Tables.Where(File.Exists))
        {
            foreach (var line in File.ReadLines(table).Skip(1))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields[1].EndsWith(here, StringComparison.Ordinal) && fields[2].EndsWith(there, StringComparison.Ordinal))
                    return long.Parse(fields[4].AsSpan(fields[4].IndexOf(':', StringComparison.Ordinal) + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            }
        }
        return 0;
    }
}
