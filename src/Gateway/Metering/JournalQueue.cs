namespace Platform.Gateway.Metering;

/// <summary>
/// Gathers work while a group of it is written, one group at a time. There is no thread of its own: who finds nobody
/// writing writes, and goes on; what came meanwhile is the next group, for whichever thread is free. So a lone request
/// waits for one commit and for no other thread, and many share one. While the thread pool has work waiting, more is about to
/// come: then a group begins behind that work, or as soon as it is <see cref="Enough"/> or has waited for <see cref="Patience"/>.
/// </summary>
/// <param name="write">Writes a group, never of none but for upkeep, and gives what it failed with; must not throw.</param>
/// <param name="isPoolBusy">Whether work waits for a thread.</param>
internal sealed class JournalQueue(Func<List<JournalWork>, bool, Exception?> write, Func<bool> isPoolBusy, TimeProvider time)
    : IThreadPoolWorkItem, IAsyncDisposable
{
    private const int Enough = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(0.5);

    /// <summary>Far above what an agent can have in flight.</summary>
    private const int MaxWaiting = 65_536;

    private const int MaxGroup = 256;
    private const int MinShare = 8;
    private static readonly TimeSpan Upkeep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<JournalWork> _waiting = [];
    private List<JournalWork>? _group;
    private ITimer? _alarm;
    private Phase _phase;
    private bool _needsUpkeep;
    private bool _isClosing;

    private enum Phase
    {
        Idle,

        /// <summary>A thread of the pool will write; who comes first may.</summary>
        Due,
        Writing,
    }

    /// <summary>Whether a group is being written, or about to be.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_lock)
                return _phase != Phase.Idle;
        }
    }

    public void Start() => _alarm = time.CreateTimer(static queue => ((JournalQueue)queue!).Look(), this, Upkeep, Upkeep);

    /// <summary>Ends when the work is committed.</summary>
    /// <exception cref="TimeoutException">It was not within 5 s. What was being written may still be; what waited is not.</exception>
    /// <exception cref="InvalidOperationException">The journal is closed, or too much waits for it.</exception>
    public ValueTask SubmitAsync(JournalWork work)
    {
        work.SubmittedAt = time.GetTimestamp();
        lock (_lock)
        {
            if (_isClosing || _waiting.Count >= MaxWaiting)
                throw new InvalidOperationException(_isClosing ? "The journal is closed." : "Too much waits for the journal.");
            _waiting.Add(work);
            if (!BeginsGroup(work))
                return work.Done;
            _phase = Phase.Writing;
        }
        WriteGroup();
        return work.Done;
    }

    /// <summary>Takes no more, and writes what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isClosing = true;
            if (_phase == Phase.Idle)
                _closed.TrySetResult();
        }
        await _closed.Task;
        if (_alarm is not null)
            await _alarm.DisposeAsync();
    }

    /// <summary>There may be nothing left to do: another thread came first.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        lock (_lock)
        {
            if (_phase != Phase.Due)
                return;
            _phase = Phase.Writing;
        }
        WriteGroup();
    }

    private bool BeginsGroup(JournalWork work)
    {
        switch (_phase)
        {
            case Phase.Idle when isPoolBusy():
                Due();
                return false;
            case Phase.Idle:
                return true;
            case Phase.Due:
                return _waiting.Count >= Enough || time.GetElapsedTime(_waiting[0].SubmittedAt, work.SubmittedAt) >= Patience;
            default:
                return false;
        }
    }

    private void Due()
    {
        _phase = Phase.Due;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void WriteGroup()
    {
        List<JournalWork> group;
        bool upkeep;
        lock (_lock)
        {
            group = TakeGroup();
            _group = group;
            (upkeep, _needsUpkeep) = (_needsUpkeep, false);
        }
        var fault = write(group, upkeep);
        lock (_lock)
        {
            _group = null;
            _phase = Phase.Idle;
            if (_waiting.Count > 0 || _needsUpkeep)
                Due();
            else if (_isClosing)
                _closed.TrySetResult();
        }
        End(group, fault);
    }

    private List<JournalWork> TakeGroup()
    {
        if (_waiting.Count > MaxGroup)
        {
            var some = _waiting.GetRange(0, MaxGroup);
            _waiting.RemoveRange(0, MaxGroup);
            return some;
        }
        var all = _waiting;
        _waiting = new(all.Count);
        return all;
    }

    private bool IsLate(JournalWork work) => time.GetElapsedTime(work.SubmittedAt) > Deadline;

    /// <summary>
    /// Goes on with what waited for a commit: a few on this thread, since waking one for each costs more than an answer does, and
    /// of more on as many as there are cores.
    /// </summary>
    private static void End(List<JournalWork> group, Exception? fault)
    {
        var share = Math.Max(MinShare, (group.Count + Environment.ProcessorCount - 1) / Environment.ProcessorCount);
        for (var start = MinShare; start < group.Count; start += share)
        {
            var part = group.GetRange(start, Math.Min(share, group.Count - start));
            ThreadPool.UnsafeQueueUserWorkItem(static end => End(end.Part, 0, end.Part.Count, end.Fault), (Part: part, Fault: fault), preferLocal: false);
        }
        End(group, 0, Math.Min(MinShare, group.Count), fault);
    }

    private static void End(List<JournalWork> group, int start, int end, Exception? fault)
    {
        for (var i = start; i < end; i++)
            group[i].End(fault);
    }

    /// <summary>Once a second: there is upkeep to do, and nobody waits for ever for a disk that hangs.</summary>
    private void Look()
    {
        List<JournalWork> late = [];
        lock (_lock)
        {
            late.AddRange(_waiting.Where(IsLate));
            _waiting.RemoveAll(IsLate);
            late.AddRange((_group ?? []).Where(IsLate));
            _needsUpkeep = true;
            if (_phase == Phase.Idle && !_isClosing)
                Due();
        }
        if (late.Count > 0)
            End(late, new TimeoutException("The journal did not commit in time."));
    }
}
