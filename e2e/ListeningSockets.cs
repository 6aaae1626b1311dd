using System.Net;

namespace Platform.E2E;

/// <summary>Addresses on which a process listens, from <c>/proc</c> (proc(5): net/tcp, state 0A).</summary>
internal static class ListeningSockets
{
    public static IReadOnlyList<IPAddress> Of(int processId)
    {
        var sockets = Directory.EnumerateFiles($"/proc/{processId}/fd")
            .Select(f => new FileInfo(f).LinkTarget)
            .Where(t => t is not null && t.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(t => t![8..^1])
            .ToHashSet();
        return [.. Listening("/proc/net/tcp").Concat(Listening("/proc/net/tcp6")).Where(s => sockets.Contains(s.Inode)).Select(s => s.Address)];
    }

    private static IEnumerable<(string Inode, IPAddress Address)> Listening(string table)
    {
        foreach (var line in File.ReadLines(table).Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields[3] == "0A")
                yield return (fields[9], Address(fields[1].Split(':')[0]));
        }
    }

    // Each 32-bit word is in the machine's byte order.
    private static IPAddress Address(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        for (var word = 0; word < bytes.Length; word += 4)
            Array.Reverse(bytes, word, 4);
        var address = new IPAddress(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
