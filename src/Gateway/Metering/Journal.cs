using Platform.Contracts.Ids;
using Platform.Contracts.Messages;
using Platform.Contracts.Usage;
using Platform.Gateway.Enrolment;
using Platform.Gateway.Telemetry;

namespace Platform.Gateway.Metering;

/// <summary>
/// Keeps each record on disk from before the answer's last byte until Control's broker has it. Whatever waits is committed
/// as one group, without waiting for more: while a group commits the next one gathers, so the window is one commit (well
/// under 2 ms). Sequences of a boot begin at 1 and have no gaps: only a commit advances them.
/// </summary>
internal sealed class Journal : IHostedService, IDisposable
{
    private const int TrimStep = 1000;
    private static readonly TimeSpan Kept = TimeSpan.FromHours(72);

    private readonly JournalFile _file;
    private readonly JournalSpace _space;
    private readonly Agent _agent;
    private readonly TimeProvider _time;
    private readonly GatewayMetrics _metrics;
    private readonly ILogger<Journal> _logger;
    private readonly JournalQueue _queue;
    private readonly SemaphoreSlim _arrived = new(0, 1);
    private readonly Lock _headsLock = new();
    private Dictionary<BootId, long> _heads = [];
    private JournalDatabase? _database;
    private long _sequence;

    public Journal(JournalFile file, JournalSpace space, Agent agent, TimeProvider time, GatewayMetrics metrics, ILogger<Journal> logger)
    {
        (_file, _space, _agent, _time, _metrics, _logger) = (file, space, agent, time, metrics, logger);
        _queue = new(Write, static () => ThreadPool.PendingWorkItemCount > 0, time);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _database = _file.Open();
        var (unconfirmed, confirmed) = _database.ReadSizes();
        _space.Set(unconfirmed, confirmed);
        _space.LookAtDisk();
        _metrics.Observe(TelemetryNames.JournalUnconfirmedBytes, "By", () => _space.UnconfirmedBytes);
        _heads = _database.ReadHeads().ToDictionary(h => h.BootId, h => h.LastSequence);
        Log.JournalOpened(_logger, _agent.Boot, _heads.Count, unconfirmed);
        _queue.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await _queue.DisposeAsync();

    public void Dispose()
    {
        _database?.Dispose();
        _arrived.Dispose();
    }

    /// <summary>Ends when the record is durable.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">It could not be written.</exception>
    /// <exception cref="TimeoutException">Time ran out; where it was being written, it may still be.</exception>
    public ValueTask AppendAsync(UsageRecord record) => _queue.SubmitAsync(new JournalWork.Append(record));

    /// <summary>The oldest unconfirmed records, at least one where there is one.</summary>
    public async Task<IReadOnlyList<JournalRow>> ReadAsync(int maxRecords, int maxBytes)
    {
        var read = new JournalWork.Read(maxRecords, maxBytes);
        await _queue.SubmitAsync(read);
        return read.Rows;
    }

    public ValueTask ConfirmAsync(IReadOnlyList<JournalRow> rows) => _queue.SubmitAsync(new JournalWork.Confirm(rows));

    /// <summary>Records of a boot are to be sent again; those that the journal no longer holds cannot be.</summary>
    public ValueTask ReplayAsync(BootId boot, long from, long to) => _queue.SubmitAsync(new JournalWork.Replay(boot, from, to));

    /// <summary>The last committed sequence of each boot that the journal knows of.</summary>
    public IReadOnlyList<JournalHead> Heads()
    {
        lock (_headsLock)
            return [.. _heads.Select(h => new JournalHead(h.Key, h.Value))];
    }

    /// <summary>Waits for unconfirmed records to come, or for the time to pass.</summary>
    public Task WaitAsync(TimeSpan time, CancellationToken token) => _arrived.WaitAsync(time, token);

    /// <summary>What it failed with, and then nothing of it happened; null where it did.</summary>
    private Exception? Write(List<JournalWork> group, bool upkeep)
    {
        try
        {
            var outcome = new GroupOutcome(_sequence);
            _database!.Begin();
            foreach (var work in group)
                Do(work, outcome);
            if (upkeep || outcome.Confirmed > 0)
                Trim(outcome);
            if (_space.IsFailing)
                _database.Probe(_time.GetUtcNow());
            _database.Commit();
            Settle(outcome);
            if (upkeep)
                _space.LookAtDisk();
            return null;
        }
        catch (Exception e)
        {
            _space.IsFailing = true;
            Log.CommitFailed(_logger, e, group.Count);
            Undo();
            return e;
        }
    }

    private void Undo()
    {
        try
        {
            _database!.Rollback();
        }
        catch (Exception e)
        {
            Log.CommitFailed(_logger, e, 0);
        }
    }

    private void Do(JournalWork work, GroupOutcome outcome)
    {
        switch (work)
        {
            case JournalWork.Append append:
                outcome.Unconfirmed += _database!.Insert(append.Record with { BootId = _agent.Boot, Sequence = ++outcome.Sequence });
                outcome.Appended++;
                break;
            case JournalWork.Read read:
                read.Rows = _database!.ReadUnconfirmed(read.MaxRecords, read.MaxBytes);
                break;
            case JournalWork.Confirm confirm:
                outcome.MoveToConfirmed(_database!.Confirm(confirm.Rows, _time.GetUtcNow()));
                outcome.Acknowledged += confirm.Rows.Count;
                break;
            case JournalWork.Replay replay:
                outcome.MoveToConfirmed(-_database!.Replay(replay.Boot, replay.From, replay.To));
                outcome.Replayed = true;
                break;
        }
    }

    private void Trim(GroupOutcome outcome)
    {
        var before = _space.HasTooManyConfirmed ? DateTimeOffset.MaxValue : _time.GetUtcNow() - Kept;
        outcome.Trimmed = _database!.Trim(before, TrimStep);
    }

    private void Settle(GroupOutcome outcome)
    {
        _space.IsFailing = false;
        _space.Add(outcome.Unconfirmed, outcome.Confirmed - outcome.Trimmed);
        if (outcome.Appended > 0)
        {
            _sequence = outcome.Sequence;
            lock (_headsLock)
                _heads[_agent.Boot] = _sequence;
        }
        _metrics.Journalled(outcome.Appended);
        _metrics.Confirmed(outcome.Acknowledged);
        if ((outcome.Appended > 0 || outcome.Replayed) && _arrived.CurrentCount == 0)
            _arrived.Release();
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
