using System.Net;
using System.Net.Sockets;

namespace Platform.Gateway.AccessLog;

/// <summary>An address as the log tells it.</summary>
internal static class CallerAddress
{
    private const int Ipv4Bytes = 3;
    private const int Ipv6Bytes = 6;

    /// <summary>Null where it is not told, or not known.</summary>
    public static string? Of(IPAddress? address, AddressForm form)
    {
        if (address is null || form == AddressForm.None)
            return null;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (form == AddressForm.Full)
            return address.ToString();
        var isIpv4 = address.AddressFamily == AddressFamily.InterNetwork;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        var kept = isIpv4 ? Ipv4Bytes : Ipv6Bytes;
        bytes[kept..length].Clear();
        return $"{new IPAddress(bytes[..length])}/{kept * 8}";
    }
}
