using System.Buffers.Binary;

namespace Platform.Gateway.Dialects.Media;

/// <summary>
/// How long the sound of an uploaded file is, where its head says so: WAV (RIFF, PCM or float) and FLAC (RFC 9639). What a
/// head claims is held against the bytes that are there; where the two do not agree, nobody knows.
/// </summary>
internal static class AudioLength
{
    private const int MaxChunks = 32;
    private const int MaxSampleRate = 768_000;
    private const int MinSampleRate = 1000;
    private const ushort Pcm = 1;
    private const ushort Float = 3;
    private const ushort Extensible = 0xFFFE;

    /// <summary>What a FLAC file may have besides its sound: tags, pictures, heads of frames.</summary>
    private const int FlacExtra = 16 * 1024 * 1024;

    /// <summary>In seconds; null for all other files.</summary>
    public static double? Of(ReadOnlySpan<byte> file) =>
        file.StartsWith("RIFF"u8) && file.Length >= 12 && file[8..12].SequenceEqual("WAVE"u8) ? OfWave(file[12..])
        : file.StartsWith("fLaC"u8) ? OfFlac(file[4..])
        : null;

    private static double? OfWave(ReadOnlySpan<byte> chunks)
    {
        uint bytesPerSecond = 0;
        for (var i = 0; i < MaxChunks && chunks.Length >= 8; i++)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(chunks[4..]);
            var rest = chunks[8..];
            // Who writes as it records does not know the size yet, and claims 0 or the most there is.
            if (chunks.StartsWith("data"u8))
                return bytesPerSecond == 0 ? null : (size == 0 ? rest.Length : Math.Min(size, rest.Length)) / (double)bytesPerSecond;
            if (chunks.StartsWith("fmt "u8) && rest.Length >= 16 && size >= 16 && !TryReadFormat(rest[..(int)Math.Min(size, rest.Length)], out bytesPerSecond))
                return null;
            // Chunks begin at even places.
            var next = size + (size & 1L);
            if (next > rest.Length)
                return null;
            chunks = rest[(int)next..];
        }
        return null;
    }

    /// <summary>False where the bytes of a second do not follow from rate, channels and width, as in compressed formats.</summary>
    private static bool TryReadFormat(ReadOnlySpan<byte> format, out uint bytesPerSecond)
    {
        var kind = BinaryPrimitives.ReadUInt16LittleEndian(format);
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        bytesPerSecond = BinaryPrimitives.ReadUInt32LittleEndian(format[8..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        if (kind == Extensible && format.Length >= 26)
            kind = BinaryPrimitives.ReadUInt16LittleEndian(format[24..]);
        return kind is Pcm or Float && rate is >= MinSampleRate and <= MaxSampleRate && channels > 0 && bits is 8 or 16 or 24 or 32 or 64
            && bytesPerSecond == (ulong)rate * channels * (bits / 8u);
    }

    /// <summary>The first block of metadata is STREAMINFO, of 34 bytes (RFC 9639, 8.2).</summary>
    private static double? OfFlac(ReadOnlySpan<byte> blocks)
    {
        if (blocks.Length < 4 + 34 || (blocks[0] & 0x7F) != 0 || (blocks[1] << 16 | blocks[2] << 8 | blocks[3]) != 34)
            return null;
        var packed = BinaryPrimitives.ReadUInt64BigEndian(blocks[(4 + 10)..]);
        var (rate, channels, bits) = ((uint)(packed >> 44), (uint)(packed >> 41 & 7) + 1, (uint)(packed >> 36 & 31) + 1);
        var samples = (long)(packed & 0xF_FFFF_FFFF);
        // Packed sound is never much longer than the same sound unpacked.
        return samples == 0 || rate is < MinSampleRate or > MaxSampleRate || blocks.Length > (samples * channels * bits / 8) + FlacExtra
            ? null
            : samples / (double)rate;
    }
}
