using System.Buffers.Binary;

namespace Platform.Gateway.Tests.Media;

/// <summary>Heads of files with sound, and as many bytes behind them as are asked for.</summary>
internal static class AudioFiles
{
    /// <summary>16 kHz, one channel, 16 bits: 32,000 bytes a second, unless it is said otherwise.</summary>
    /// <param name="claimed">The size in its head, where it is another.</param>
    public static byte[] Wave(
        int bytes, uint? claimed = null, ushort kind = 1, ushort channels = 1, uint rate = 16_000, uint? bytesPerSecond = null, byte[]? before = null)
    {
        var format = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(format, kind);
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(2), channels);
        BinaryPrimitives.WriteUInt32LittleEndian(format.AsSpan(4), rate);
        BinaryPrimitives.WriteUInt32LittleEndian(format.AsSpan(8), bytesPerSecond ?? (rate * channels * 2));
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(12), (ushort)(channels * 2));
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(14), 16);
        return [.. "RIFF\0\0\0\0WAVE"u8, .. before ?? [], .. "fmt "u8, .. Number(16), .. format, .. "data"u8, .. Number(claimed ?? (uint)bytes), .. new byte[bytes]];
    }

    /// <summary>A chunk with its size, claimed or its own, and its padding.</summary>
    public static byte[] Chunk(string name, int bytes, uint? claimed = null) =>
        [.. System.Text.Encoding.ASCII.GetBytes(name), .. Number(claimed ?? (uint)bytes), .. new byte[bytes + (bytes & 1)]];

    /// <summary>16 bits.</summary>
    public static byte[] Flac(ulong samples, uint rate = 16_000, uint channels = 1, int bytes = 0)
    {
        var info = new byte[34];
        BinaryPrimitives.WriteUInt64BigEndian(info.AsSpan(10), ((ulong)rate << 44) | ((channels - 1UL) << 41) | (15UL << 36) | samples);
        return [.. "fLaC"u8, 0x80, 0, 0, 34, .. info, .. new byte[bytes]];
    }

    private static byte[] Number(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
