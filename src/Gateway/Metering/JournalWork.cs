using System.Threading.Tasks.Sources;
using Platform.Contracts.Ids;
using Platform.Contracts.Usage;

namespace Platform.Gateway.Metering;

/// <summary>Something for the journal. Whoever ends it runs what waits for it; it is awaited once.</summary>
internal abstract class JournalWork : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _source;
    private int _isEnded;

    /// <summary>Ends with the commit, or fails with it.</summary>
    public ValueTask Done => new(this, _source.Version);

    public long SubmittedAt { get; set; }

    /// <summary>Only the first call does anything.</summary>
    public void End(Exception? fault)
    {
        if (Interlocked.Exchange(ref _isEnded, 1) != 0)
            return;
        if (fault is null)
            _source.SetResult(true);
        else
            _source.SetException(fault);
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <param name="record">Gets its boot and sequence as it is written.</param>
    public sealed class Append(UsageRecord record) : JournalWork
    {
        public UsageRecord Record => record;
    }

    /// <summary>The oldest unconfirmed records, at least one where there is one.</summary>
    public sealed class Read(int maxRecords, int maxBytes) : JournalWork
    {
        public int MaxRecords => maxRecords;

        public int MaxBytes => maxBytes;

        /// <summary>There when it is done.</summary>
        public IReadOnlyList<JournalRow> Rows { get; set; } = [];
    }

    public sealed class Confirm(IReadOnlyList<JournalRow> rows) : JournalWork
    {
        public IReadOnlyList<JournalRow> Rows => rows;
    }

    public sealed class Replay(BootId boot, long from, long to) : JournalWork
    {
        public BootId Boot => boot;

        public long From => from;

        public long To => to;
    }
}
