using System.Buffers;

namespace Platform.Gateway.Requests;

/// <summary>
/// Takes what is written, from a pool, within a bound of its own and the budget of all. Beyond these it forgets what it has
/// and takes no more, so that who writes need not know: ask when done.
/// </summary>
internal sealed class BudgetedBuffer(BufferBudget budget, long maxBytes) : IBufferWriter<byte>, IDisposable
{
    private const int FirstSize = 4 * 1024;

    private byte[] _array = [];
    private byte[] _spill = [];
    private int _length;

    /// <summary>There was more than it may hold.</summary>
    public bool IsOver { get; private set; }

    public ReadOnlyMemory<byte> Written => _array.AsMemory(0, _length);

    public void Advance(int count)
    {
        if (!IsOver)
            _length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var needed = Math.Max(sizeHint, 1);
        if (!IsOver && _array.Length - _length < needed && !TryGrow(needed))
            Dispose();
        if (!IsOver)
            return _array.AsMemory(_length);
        if (_spill.Length < needed)
            _spill = new byte[Math.Max(needed, FirstSize)];
        return _spill;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        budget.GiveBack(_array);
        (_array, _length, IsOver) = ([], 0, true);
    }

    private bool TryGrow(int needed)
    {
        var least = _length + (long)needed;
        if (least > Math.Min(maxBytes, Array.MaxLength))
            return false;
        if (budget.TryRent((int)Math.Min(Math.Max(_array.Length * 2L, Math.Max(least, FirstSize)), Math.Max(least, Array.MaxLength / 2))) is not { } larger)
            return false;
        Written.CopyTo(larger);
        budget.GiveBack(_array);
        _array = larger;
        return true;
    }
}
