namespace Platform.Control.Identity;

/// <summary>
/// Refusals, and sign-ins of programs, that stand in no row of the audit trail yet. Of one kind and user (or program) the first is a row at once; those that follow
/// within the kind's <see cref="SecurityEvent.Quiet"/> are counted, and the next row says how many it stands for. Bounded:
/// beyond <see cref="MaxUsers"/> what is new is counted with the unknown names.
/// </summary>
internal sealed class RefusalCounts(TimeProvider time)
{
    public const int MaxUsers = 10_000;

    private readonly Dictionary<(SecurityEvent What, Guid? User), Counted> _counts = [];
    private readonly Lock _lock = new();

    /// <returns>For how many a row is to be written now, and of whom; null for none.</returns>
    public Refusals? Add(SecurityEvent what, Guid? user)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            var (key, counted, isQuiet) = Find(what, user, now);
            // A lockout has one row; what is refused while it lasts are failures like others.
            if (isQuiet && what == SecurityEvent.LockedOut)
                (key, counted, isQuiet) = Find(SecurityEvent.SignInFailed, user, now);
            if (isQuiet)
            {
                _counts[key] = counted with { Waiting = counted.Waiting + 1 };
                return null;
            }
            _counts[key] = new(now, 0);
            return new(key.What, key.User, 1 + counted.Waiting);
        }
    }

    /// <summary>The row was not written.</summary>
    public void Return(Refusals refusals)
    {
        lock (_lock)
        {
            var key = (refusals.What, refusals.User);
            if (_counts.TryGetValue(key, out var counted))
                _counts[key] = counted with { Waiting = counted.Waiting + refusals.Count };
        }
    }

    /// <summary>What was counted and has been quiet since: nobody else would come and write it.</summary>
    /// <param name="all">Also what is not yet; for the end of the process.</param>
    public IReadOnlyList<Refusals> TakeQuiet(bool all = false)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            var taken = new List<Refusals>();
            foreach (var (key, counted) in _counts.ToList())
            {
                if (!all && time.GetElapsedTime(counted.RowAt, now) < key.What.Quiet)
                    continue;
                if (counted.Waiting == 0)
                {
                    _counts.Remove(key);
                    continue;
                }
                _counts[key] = new(now, 0);
                taken.Add(new(key.What, key.User, counted.Waiting));
            }
            return taken;
        }
    }

    private ((SecurityEvent What, Guid? User) Key, Counted Counted, bool IsQuiet) Find(SecurityEvent what, Guid? user, long now)
    {
        var key = (what, _counts.Count >= MaxUsers && !_counts.ContainsKey((what, user)) ? null : user);
        return _counts.TryGetValue(key, out var counted) ? (key, counted, time.GetElapsedTime(counted.RowAt, now) < what.Quiet) : (key, default, false);
    }

    /// <param name="RowAt">The timestamp of the last row.</param>
    /// <param name="Waiting">How many there were since.</param>
    private readonly record struct Counted(long RowAt, int Waiting);
}

/// <param name="User">Null for names that nobody has.</param>
internal sealed record Refusals(SecurityEvent What, Guid? User, int Count);
