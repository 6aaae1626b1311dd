using System.Buffers;

namespace Platform.Gateway.Requests;

/// <summary>The bytes that buffers may take together: all requests', or those of one tenant, which count with all.</summary>
/// <param name="all">Null where this one is it.</param>
internal sealed class BufferBudget(long bound, BufferBudget? all)
{
    private long _used;

    public BufferBudget(LimitsSettings limits)
        : this(limits.MaxBufferedBytes, all: null)
    {
    }

    /// <summary>Bytes that are held.</summary>
    public long Used => Volatile.Read(ref _used);

    private bool IsWithin => Used <= bound && all?.IsWithin != false;

    /// <summary>Memory of the pool that counts, at least so many bytes; null where there is no room for it.</summary>
    public byte[]? TryRent(int size)
    {
        var array = Rent(size);
        if (IsWithin)
            return array;
        GiveBack(array);
        return null;
    }

    /// <summary>The same, for what follows from bytes that were counted already: it is not refused.</summary>
    public byte[] Rent(int size)
    {
        var array = ArrayPool<byte>.Shared.Rent(size);
        Count(array.Length);
        return array;
    }

    /// <summary>Once for each that was rented; an empty array is nobody's.</summary>
    public void GiveBack(byte[] array)
    {
        if (array.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(array);
        Count(-array.Length);
    }

    private void Count(long bytes)
    {
        Interlocked.Add(ref _used, bytes);
        all?.Count(bytes);
    }
}
