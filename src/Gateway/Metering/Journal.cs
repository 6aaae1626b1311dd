using System.Threading.Channels;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;
using Platform.Contracts.Usage;
using Platform.Gateway.Enrolment;
using Platform.Gateway.Telemetry;

namespace Platform.Gateway.Metering;

/// <summary>
/// Keeps each record on disk from before the answer's last byte until Control's broker has it. One writer commits
/// whatever waits as one group, without waiting for more: while a group commits the next one gathers, so the window is
/// one commit (well under 2 ms). Sequences of a boot begin at 1 and have no gaps: only a commit advances them.
/// </summary>
internal sealed class Journal(
    JournalFile file, JournalSpace space, Agent agent, TimeProvider time, GatewayMetrics metrics, ILogger<Journal> logger)
    : IHostedService, IDisposable
{
    private const int MaxGroup = 256;
    private const int MinShare = 8;
    private const int TrimStep = 1000;
    private static readonly TimeSpan Kept = TimeSpan.FromHours(72);
    private static readonly TimeSpan Upkeep = TimeSpan.FromSeconds(1);

    private readonly Channel<JournalWork> _work = Channel.CreateBounded<JournalWork>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly SemaphoreSlim _arrived = new(0, 1);
    private readonly Lock _headsLock = new();
    private Dictionary<BootId, long> _heads = [];
    private JournalDatabase? _database;
    private Task _writer = Task.CompletedTask;
    private long _sequence;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _database = file.Open();
        var (unconfirmed, confirmed) = _database.ReadSizes();
        space.Set(unconfirmed, confirmed);
        space.LookAtDisk();
        metrics.Observe(TelemetryNames.JournalUnconfirmedBytes, "By", () => space.UnconfirmedBytes);
        _heads = _database.ReadHeads().ToDictionary(h => h.BootId, h => h.LastSequence);
        _writer = Task.Run(WriteAsync, CancellationToken.None);
        Log.JournalOpened(logger, agent.Boot, _heads.Count, unconfirmed);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _work.Writer.TryComplete();
        await _writer;
    }

    public void Dispose()
    {
        _database?.Dispose();
        _arrived.Dispose();
    }

    /// <summary>Ends when the record is durable.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">It could not be written.</exception>
    /// <exception cref="OperationCanceledException">Time ran out; it may still be written.</exception>
    public Task AppendAsync(UsageRecord record, CancellationToken token) => SubmitAsync(new JournalWork.Append(record), token);

    public Task ConfirmAsync(IReadOnlyList<JournalRow> rows, CancellationToken token) => SubmitAsync(new JournalWork.Confirm(rows), token);

    /// <summary>Records of a boot are to be sent again; those that the journal no longer holds cannot be.</summary>
    public Task ReplayAsync(BootId boot, long from, long to, CancellationToken token) => SubmitAsync(new JournalWork.Replay(boot, from, to), token);

    /// <summary>The last committed sequence of each boot that the journal knows of.</summary>
    public IReadOnlyList<JournalHead> Heads()
    {
        lock (_headsLock)
            return [.. _heads.Select(h => new JournalHead(h.Key, h.Value))];
    }

    /// <summary>Waits for unconfirmed records to come, or for the time to pass.</summary>
    public Task WaitAsync(TimeSpan time, CancellationToken token) => _arrived.WaitAsync(time, token);

    private async Task SubmitAsync(JournalWork work, CancellationToken token)
    {
        if (!_work.Writer.TryWrite(work))
            await _work.Writer.WriteAsync(work, token);
        await work.Done.Task.WaitAsync(token);
    }

    private async Task WriteAsync()
    {
        var group = new List<JournalWork>(MaxGroup);
        var lastUpkeep = time.GetTimestamp();
        // Where there is no room for it, there is work to wake up for.
        await using var alarm = time.CreateTimer(_ => _work.Writer.TryWrite(new JournalWork.WakeUp()), null, Upkeep, Upkeep);
        while (await _work.Reader.WaitToReadAsync())
        {
            while (group.Count < MaxGroup && _work.Reader.TryRead(out var work))
                group.Add(work);
            var upkeep = time.GetElapsedTime(lastUpkeep) >= Upkeep;
            if (upkeep)
                lastUpkeep = time.GetTimestamp();
            if (upkeep || !group.TrueForAll(w => w is JournalWork.WakeUp))
                Write(group, upkeep);
            group.Clear();
        }
    }

    private void Write(List<JournalWork> group, bool upkeep)
    {
        try
        {
            var outcome = new GroupOutcome(_sequence);
            using (var transaction = _database!.Begin())
            {
                foreach (var work in group)
                    Do(work, transaction, outcome);
                if (upkeep || outcome.Confirmed > 0)
                    Trim(transaction, outcome);
                if (space.IsFailing)
                    _database.Probe(transaction, time.GetUtcNow());
                transaction.Commit();
            }
            Settle(outcome);
            End(group, null);
            if (upkeep)
                space.LookAtDisk();
        }
        catch (Exception e)
        {
            space.IsFailing = true;
            Log.CommitFailed(logger, e, group.Count);
            End(group, e);
        }
    }

    /// <summary>
    /// Goes on with what waited for a commit: the answers of a group on one thread, since waking one for each costs more than
    /// an answer does, and larger groups on as many as there are cores.
    /// </summary>
    private static void End(List<JournalWork> group, Exception? fault)
    {
        var share = Math.Max(MinShare, (group.Count + Environment.ProcessorCount - 1) / Environment.ProcessorCount);
        for (var start = 0; start < group.Count; start += share)
        {
            var part = group.GetRange(start, Math.Min(share, group.Count - start));
            ThreadPool.UnsafeQueueUserWorkItem(static end => End(end.Part, end.Fault), (Part: part.ToArray(), Fault: fault), preferLocal: false);
        }
    }

    private static void End(JournalWork[] part, Exception? fault)
    {
        foreach (var work in part)
        {
            if (fault is null)
                work.Done.TrySetResult();
            else
                work.Done.TrySetException(fault);
        }
    }

    private void Do(JournalWork work, Microsoft.Data.Sqlite.SqliteTransaction transaction, GroupOutcome outcome)
    {
        switch (work)
        {
            case JournalWork.Append append:
                outcome.Unconfirmed += _database!.Insert(transaction, append.Record with { BootId = agent.Boot, Sequence = ++outcome.Sequence });
                outcome.Appended++;
                break;
            case JournalWork.Confirm confirm:
                outcome.MoveToConfirmed(_database!.Confirm(transaction, confirm.Rows, time.GetUtcNow()));
                outcome.Acknowledged += confirm.Rows.Count;
                break;
            case JournalWork.Replay replay:
                outcome.MoveToConfirmed(-_database!.Replay(transaction, replay.Boot, replay.From, replay.To));
                outcome.Replayed = true;
                break;
        }
    }

    private void Trim(Microsoft.Data.Sqlite.SqliteTransaction transaction, GroupOutcome outcome)
    {
        var before = space.HasTooManyConfirmed ? DateTimeOffset.MaxValue : time.GetUtcNow() - Kept;
        outcome.Trimmed = _database!.Trim(transaction, before, TrimStep);
    }

    private void Settle(GroupOutcome outcome)
    {
        space.IsFailing = false;
        space.Add(outcome.Unconfirmed, outcome.Confirmed - outcome.Trimmed);
        _sequence = outcome.Sequence;
        if (outcome.Appended > 0 || outcome.Trimmed > 0)
            UpdateHeads(outcome);
        metrics.Journalled(outcome.Appended);
        metrics.Confirmed(outcome.Acknowledged);
        if ((outcome.Appended > 0 || outcome.Replayed) && _arrived.CurrentCount == 0)
            _arrived.Release();
    }

    private void UpdateHeads(GroupOutcome outcome)
    {
        var heads = outcome.Trimmed > 0 ? _database!.ReadHeads().ToDictionary(h => h.BootId, h => h.LastSequence) : null;
        lock (_headsLock)
        {
            if (heads is not null)
                _heads = heads;
            if (_sequence > 0)
                _heads[agent.Boot] = _sequence;
        }
    }

    /// <summary>What a group did; counts only once it is committed.</summary>
    private sealed class GroupOutcome(long sequence)
    {
        public long Sequence { get; set; } = sequence;

        public int Appended { get; set; }

        public int Acknowledged { get; set; }

        public bool Replayed { get; set; }

        public long Unconfirmed { get; set; }

        public long Confirmed { get; private set; }

        public long Trimmed { get; set; }

        public void MoveToConfirmed(long bytes)
        {
            Confirmed += bytes;
            Unconfirmed -= bytes;
        }
    }
}
