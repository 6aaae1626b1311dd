using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Gateway.KeptAnswers;

/// <summary>A SHA-256 as a value.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Digest(ulong A, ulong B, ulong C, ulong D)
{
    public const int Length = SHA256.HashSizeInBytes;

    public static Digest Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(bytes, hash);
        return From(hash);
    }

    /// <summary>Of texts, each with its length, so that none can be taken for a part of another.</summary>
    public static Digest Of(params ReadOnlySpan<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in texts)
            Append(hash, Encoding.UTF8.GetBytes(text));
        return From(hash);
    }

    /// <summary>The same of parts of a body, and of nothing else in it.</summary>
    public static Digest Of(ReadOnlySpan<byte> body, IReadOnlyList<Range> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
            Append(hash, body[part]);
        return From(hash);
    }

    public static Digest From(ReadOnlySpan<byte> hash) => MemoryMarshal.Read<Digest>(hash);

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        MemoryMarshal.Write(bytes, this);
        return bytes;
    }

    public override string ToString() => Convert.ToHexString(ToArray());

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }

    private static Digest From(IncrementalHash hash)
    {
        Span<byte> result = stackalloc byte[Length];
        hash.GetHashAndReset(result);
        return From(result);
    }
}
