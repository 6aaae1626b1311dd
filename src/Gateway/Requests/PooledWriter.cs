using System.Buffers;

namespace Platform.Gateway.Requests;

/// <summary>
/// Bytes on their way out, in memory from a pool. What it holds counts in the budget of all, but is never refused: it is
/// bounded by what came in, which was not.
/// </summary>
internal sealed class PooledWriter(BufferBudget budget) : IBufferWriter<byte>, IDisposable
{
    private const int FirstSize = 1024;

    /// <summary>Beyond it the memory goes back as soon as it is not needed.</summary>
    private const int KeptSize = 4 * 1024;

    private byte[] _array = [];

    public int WrittenCount { get; private set; }

    public ReadOnlyMemory<byte> WrittenMemory => _array.AsMemory(0, WrittenCount);

    /// <summary>The bytes that it holds on to.</summary>
    public int Capacity => _array.Length;

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _array.Length - WrittenCount);
        WrittenCount += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _array.AsMemory(WrittenCount);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _array.AsSpan(WrittenCount);
    }

    /// <summary>Begins anew; one large event does not keep its memory for the rest of a stream.</summary>
    public void Clear()
    {
        WrittenCount = 0;
        if (_array.Length > KeptSize)
            Release();
    }

    public void Dispose()
    {
        WrittenCount = 0;
        Release();
    }

    private void Ensure(int sizeHint)
    {
        var needed = WrittenCount + Math.Max(sizeHint, 1);
        if (needed <= _array.Length)
            return;
        var larger = budget.Rent(Math.Max(needed, Math.Max(FirstSize, _array.Length * 2)));
        WrittenMemory.CopyTo(larger);
        Release();
        _array = larger;
    }

    private void Release()
    {
        budget.GiveBack(_array);
        _array = [];
    }
}
