using Platform.Contracts.Ids;
using Platform.Contracts.Usage;

namespace Platform.Gateway.Metering;

/// <summary>Something for the journal's one writer; <see cref="Done"/> ends with the commit, or fails with it.</summary>
internal abstract record JournalWork
{
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="Record">Gets its boot and sequence as it is written.</param>
    public sealed record Append(UsageRecord Record) : JournalWork;

    public sealed record Confirm(IReadOnlyList<JournalRow> Rows) : JournalWork;

    public sealed record Replay(BootId Boot, long From, long To) : JournalWork;
}
