using Platform.Contracts.Ids;
using Platform.Gateway.KeptAnswers;

namespace Platform.Gateway.Idempotency;

/// <summary>
/// The keys that this agent knows, in memory. Where answers take too much the oldest ones of whoever has most go, and
/// their keys stay, so that nothing is run a second time within the window because of memory.
/// </summary>
internal sealed class IdempotencyStore(IdempotencySettings settings, KeptMetrics metrics, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, IdempotencyEntry> _known = [];
    private readonly TenantShares _running = new(long.MaxValue, long.MaxValue, int.MaxValue);
    private readonly TenantShares _done = new(long.MaxValue, long.MaxValue, int.MaxValue);
    private readonly TenantShares _answers = new(settings.MaxBytes, settings.MaxTenantBytes, int.MaxValue);

    /// <summary>Keys that are known.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _known.Count;
        }
    }

    /// <summary>Of the answers that are kept.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
                return _answers.Bytes;
        }
    }

    /// <summary>The entry is the request's own, to be finished or freed, or it may not run.</summary>
    public Claim Begin(KeyedRequest request)
    {
        lock (_lock)
        {
            if (Find(request.Scope) is { } known)
                return new(null, Look(known, request.Body));
            if (!HasRoom(request.Tenant))
                return new(null, new(KeyState.Full));
            var entry = new IdempotencyEntry(request, Guid.NewGuid());
            _known.Add(request.Scope, entry);
            _running.Add(entry, IdempotencyEntry.Size);
            return new(entry, default);
        }
    }

    /// <summary>The other agents do not know it; from now on it runs.</summary>
    public void Run(IdempotencyEntry entry)
    {
        lock (_lock)
            entry.IsAsking = false;
    }

    /// <summary>Its request came to an end that holds for the window, or for what is left of it.</summary>
    /// <param name="answer">Null where it is not kept.</param>
    public void Finish(IdempotencyEntry entry, KeptAnswer? answer, TimeSpan? left = null)
    {
        lock (_lock)
        {
            _running.Remove(entry);
            _done.Add(entry, IdempotencyEntry.Size);
            (entry.IsAsking, entry.IsDone) = (false, true);
            entry.ExpiresAt = time.GetTimestamp() + (long)((left ?? entry.Request.Window).TotalSeconds * time.TimestampFrequency);
            if (answer is not null && answer.Size <= settings.MaxAnswerBytes)
                Keep(entry, answer);
        }
    }

    /// <summary>Its request came to no such end: a repeat runs.</summary>
    public void Free(IdempotencyEntry entry)
    {
        lock (_lock)
            Remove(entry);
    }

    /// <summary>For another agent's request.</summary>
    /// <param name="claim">Its id: it goes first where this agent has not begun either, and it is the lower one.</param>
    public KeyFinding Look(Digest scope, Digest body, Guid claim)
    {
        lock (_lock)
        {
            return Find(scope) is { } known && !(known.IsAsking && claim.CompareTo(known.Id) < 0) ? Look(known, body) : default;
        }
    }

    /// <summary>Drops what is over.</summary>
    public void Sweep()
    {
        lock (_lock)
        {
            foreach (var entry in _done.Over(h => IsOver((IdempotencyEntry)h)))
                Remove((IdempotencyEntry)entry);
        }
    }

    /// <summary>Drops the answers of tenants of which none may be kept any more.</summary>
    public void Forget(Func<TenantId, bool> keeps)
    {
        lock (_lock)
        {
            foreach (var answer in _answers.Of(t => !keeps(t)).SelectMany(t => t))
                Drop((IdempotencyEntry.AnswerOf)answer);
        }
    }

    private IdempotencyEntry? Find(Digest scope)
    {
        if (!_known.TryGetValue(scope, out var known))
            return null;
        if (!IsOver(known))
            return known;
        Remove(known);
        return null;
    }

    private KeyFinding Look(IdempotencyEntry known, Digest body) =>
        known.Request.Body != body ? new(KeyState.OtherBody)
        : !known.IsDone ? new(KeyState.Running)
        : new(known.Answer is null ? KeyState.Gone : KeyState.Answered, known.Answer?.Kept, time.GetElapsedTime(time.GetTimestamp(), known.ExpiresAt));

    private bool IsOver(IdempotencyEntry entry) => entry.IsDone && time.GetTimestamp() >= entry.ExpiresAt;

    /// <summary>
    /// A tenant's share binds it once half of the keys are taken. Where all are, whoever has most gives its oldest one to who
    /// has less.
    /// </summary>
    private bool HasRoom(TenantId tenant)
    {
        var mine = CountOf(tenant);
        if (mine >= settings.MaxTenantEntries && _known.Count >= settings.MaxEntries / 2)
            return false;
        if (_known.Count < settings.MaxEntries)
            return true;
        if (_done.OldestOfLargest() is not IdempotencyEntry oldest || CountOf(oldest.Tenant) <= mine + 1)
            return false;
        Remove(oldest);
        metrics.Dropped(KeptMetrics.Idempotency);
        return true;
    }

    private int CountOf(TenantId tenant) => _running.CountOf(tenant) + _done.CountOf(tenant);

    private void Keep(IdempotencyEntry entry, KeptAnswer kept)
    {
        entry.Answer = new(entry, kept);
        _answers.Add(entry.Answer, kept.Size);
        while (_answers.Excess(entry.Tenant) is IdempotencyEntry.AnswerOf excess)
        {
            Drop(excess);
            metrics.Dropped(KeptMetrics.Idempotency);
        }
    }

    private void Drop(IdempotencyEntry.AnswerOf answer)
    {
        _answers.Remove(answer);
        answer.Entry.Answer = null;
    }

    private void Remove(IdempotencyEntry entry)
    {
        _known.Remove(entry.Request.Scope);
        _running.Remove(entry);
        _done.Remove(entry);
        if (entry.Answer is { } answer)
            Drop(answer);
    }
}
