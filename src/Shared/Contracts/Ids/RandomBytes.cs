using System.Security.Cryptography;

namespace Platform.Contracts.Ids;

/// <summary>Bytes of the system's random source, taken from it many at a time: to ask it for each request takes longer than all else that an id needs.</summary>
internal static class RandomBytes
{
    private const int Size = 1024;

    [ThreadStatic]
    private static byte[]? _bytes;

    [ThreadStatic]
    private static int _used;

    /// <summary>Each byte is given once.</summary>
    public static void Fill(Span<byte> span)
    {
        if (_bytes is null || _used + span.Length > Size)
        {
            _bytes ??= new byte[Size];
            RandomNumberGenerator.Fill(_bytes);
            _used = 0;
        }
        var taken = _bytes.AsSpan(_used, span.Length);
        taken.CopyTo(span);
        taken.Clear();
        _used += span.Length;
    }
}
