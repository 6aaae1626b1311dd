using Platform.Contracts.Ids;
using Platform.Contracts.Usage;

namespace Platform.Contracts.Messages;

/// <summary>Agent to Control: journalled records, the oldest first, at most <see cref="MaxRecords"/>.</summary>
public sealed record UsageBatch(AgentId AgentId, IReadOnlyList<UsageRecord> Records)
{
    public const int MaxRecords = 500;
}

/// <summary>
/// Agent to Control, every few seconds and at shutdown: how far each boot's journal goes, so that a loss at its end is
/// noticed too.
/// </summary>
public sealed record JournalHeads(AgentId AgentId, IReadOnlyList<JournalHead> Heads)
{
    /// <summary>Of more boots than this, the newest are told.</summary>
    public const int MaxHeads = 100;
}

/// <param name="LastSequence">The last committed sequence of this boot; sequences start at 1 without gaps.</param>
public sealed record JournalHead(BootId BootId, long LastSequence);

/// <summary>Control to one agent: send these again. Both ends are inclusive.</summary>
public sealed record UsageReplayRequested(AgentId AgentId, BootId BootId, long FromSequence, long ToSequence);
