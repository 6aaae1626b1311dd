using Platform.Contracts.Ids;
using Platform.Contracts.Usage;

namespace Platform.Gateway.Metering;

/// <summary>Something for the journal's one writer; <see cref="Done"/> ends with the commit, or fails with it.</summary>
internal abstract record JournalWork
{
    /// <summary>Whoever ends it runs what waits for it: never the writer.</summary>
    public TaskCompletionSource Done { get; } = new();

    /// <param name="Record">Gets its boot and sequence as it is written.</param>
    public sealed record Append(UsageRecord Record) : JournalWork;

    public sealed record Confirm(IReadOnlyList<JournalRow> Rows) : JournalWork;

    /// <summary>Nothing; the writer wakes up for its upkeep.</summary>
    public sealed record WakeUp : JournalWork;

    public sealed record Replay(BootId Boot, long From, long To) : JournalWork;
}
