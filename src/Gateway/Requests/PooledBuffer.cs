namespace Platform.Gateway.Requests;

/// <summary>A buffer that grows with what arrives, from a pool, within a bound of its own and the budget of all.</summary>
/// <param name="expected">
/// Announced length: it gets no more room than it needs, since a stream keeps it to its end, and never more than twice
/// what has come, since who announces much and sends little must not take the others' room.
/// </param>
internal sealed class PooledBuffer(BufferBudget budget, int maxBytes, long expected = 0) : IDisposable
{
    private const int FirstSize = 16 * 1024;

    private byte[] _array = [];

    public int Length { get; private set; }

    public int MaxBytes => maxBytes;

    public BufferBudget Budget => budget;

    public ReadOnlyMemory<byte> Written => _array.AsMemory(0, Length);

    private long FirstRoom => expected > 0 ? Math.Min(expected, FirstSize) : FirstSize;

    private long Doubled => _array.Length * 2L is var twice && expected > _array.Length ? Math.Min(twice, expected) : twice;

    /// <summary>True when there are more bytes than the bound allows.</summary>
    public bool IsOverBound => Length > maxBytes;

    /// <summary>Room for at least one byte beyond the bound, so that an excess shows; false when the budget is spent.</summary>
    public bool TryGetSpace(out Memory<byte> space)
    {
        var enough = Length < _array.Length || TryGrow(_array.Length == 0 ? FirstRoom : Doubled);
        space = enough ? _array.AsMemory(Length) : default;
        return enough;
    }

    public void Advance(int count) => Length += count;

    public void Dispose()
    {
        budget.GiveBack(_array);
        _array = [];
        Length = 0;
    }

    private bool TryGrow(long wanted)
    {
        if (budget.TryRent((int)Math.Min(wanted, (long)maxBytes + FirstSize)) is not { } larger)
            return false;
        Written.CopyTo(larger);
        budget.GiveBack(_array);
        _array = larger;
        return true;
    }
}
