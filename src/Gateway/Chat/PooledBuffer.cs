using System.Buffers;

namespace Platform.Gateway.Chat;

/// <summary>A buffer that grows with what arrives, from a pool, within a bound of its own and the budget of all.</summary>
internal sealed class PooledBuffer(BufferBudget budget, int maxBytes) : IDisposable
{
    private const int FirstSize = 8 * 1024;

    private byte[] _array = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _array.AsMemory(0, Length);

    /// <summary>True when there are more bytes than the bound allows.</summary>
    public bool IsOverBound => Length > maxBytes;

    /// <summary>Room for at least one byte beyond the bound, so that an excess shows; false when the budget is spent.</summary>
    public bool TryGetSpace(out Memory<byte> space)
    {
        var enough = Length < _array.Length || TryGrow(Math.Max(FirstSize, _array.Length * 2L));
        space = enough ? _array.AsMemory(Length) : default;
        return enough;
    }

    /// <summary>Makes room for a known length at once.</summary>
    public bool TryReserve(int bytes) => bytes <= _array.Length || TryGrow(bytes);

    public void Advance(int count) => Length += count;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_array.AsSpan(Length));
        Length += bytes.Length;
    }

    public MemoryStream OpenRead() => new(_array, 0, Length, writable: false);

    public void Dispose()
    {
        Release(_array);
        _array = [];
        Length = 0;
    }

    private bool TryGrow(long wanted)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(wanted, (long)maxBytes + FirstSize));
        if (!budget.TryTake(larger.Length))
        {
            ArrayPool<byte>.Shared.Return(larger);
            return false;
        }
        Written.CopyTo(larger);
        Release(_array);
        _array = larger;
        return true;
    }

    private void Release(byte[] array)
    {
        if (array.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(array);
        budget.Return(array.Length);
    }
}
