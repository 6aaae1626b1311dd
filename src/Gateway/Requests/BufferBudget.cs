using System.Buffers;

namespace Platform.Gateway.Requests;

/// <summary>The bytes that all requests' buffers may take together.</summary>
internal sealed class BufferBudget(LimitsSettings limits)
{
    private readonly long _bound = limits.MaxBufferedMegabytes * 1024L * 1024L;
    private long _used;

    /// <summary>Bytes that are held.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Memory of the pool that counts, at least so many bytes; null where there is no room for it.</summary>
    public byte[]? TryRent(int size)
    {
        var array = Rent(size);
        if (Used <= _bound)
            return array;
        GiveBack(array);
        return null;
    }

    /// <summary>The same, for what follows from bytes that were counted already: it is not refused.</summary>
    public byte[] Rent(int size)
    {
        var array = ArrayPool<byte>.Shared.Rent(size);
        Interlocked.Add(ref _used, array.Length);
        return array;
    }

    /// <summary>Once for each that was rented; an empty array is nobody's.</summary>
    public void GiveBack(byte[] array)
    {
        if (array.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(array);
        Interlocked.Add(ref _used, -array.Length);
    }
}
