namespace Platform.Gateway.Limits;

/// <summary>
/// What has been used of a limit in the window that runs: an aligned minute, or a day of UTC. What was used beyond what had
/// been reserved, and beyond what its window had left, is debt of the next ones. Not for two threads at a time.
/// </summary>
internal struct Window
{
    /// <summary>A clock that is set back by so many windows does not begin one anew.</summary>
    private const int MaxStepBack = 1;

    private long _debt;

    /// <summary>Its number since 1970.</summary>
    public int Index { get; private set; }

    public long Used { get; private set; }

    public readonly bool IsUnused => Used == 0 && _debt == 0;

    public void Roll(int index, long? limit)
    {
        var passed = index - Index;
        if (passed == 0 || passed is < 0 and >= -MaxStepBack)
            return;
        (Used, _debt) = passed > 0 && limit is > 0 and var most ? Owed(passed, most) : (0, 0);
        Index = index;
    }

    public readonly long Left(long? limit) => limit is { } most ? Math.Max(0, most - Used) : long.MaxValue;

    public void Take(long amount) => Used += amount;

    /// <summary>Takes back what was taken in that window; when it is over there is nothing to take back.</summary>
    public void Return(int index, long amount)
    {
        if (index == Index)
            Used -= amount;
    }

    /// <summary>Adds what was used and not reserved.</summary>
    /// <param name="windows">Debt is no more than so many windows allow.</param>
    public void Exceed(long amount, long? limit, int windows)
    {
        var here = Math.Min(amount, Left(limit));
        Used += here;
        if (limit is { } most)
            _debt = Math.Min(_debt + amount - here, most * windows);
    }

    /// <summary>In how many windows an amount that the limit allows will be left, if nobody else takes it; 1 is the next.</summary>
    public readonly long WindowsUntil(long amount, long limit)
    {
        var tooMuch = _debt - (limit - amount);
        return tooMuch <= 0 ? 1 : 1 + ((tooMuch + limit - 1) / limit);
    }

    /// <summary>Each window that went by unused has paid what it allowed.</summary>
    private readonly (long Used, long Debt) Owed(int passed, long limit)
    {
        var paid = Math.Min(passed - 1, (_debt / limit) + 1) * limit;
        var owed = Math.Max(0, _debt - paid);
        var used = Math.Min(owed, limit);
        return (used, owed - used);
    }
}
