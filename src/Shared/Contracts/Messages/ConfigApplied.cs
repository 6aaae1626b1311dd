using Platform.Contracts.Ids;

namespace Platform.Contracts.Messages;

/// <summary>Agent to Control, after each applied revision and every few seconds: where it is and what it refused.</summary>
public sealed record ConfigApplied(
    AgentId AgentId,
    BootId BootId,
    AgentGroupName Group,
    Guid Epoch,
    long Revision,
    IReadOnlyList<RejectedResource> Rejected,
    DateTimeOffset At);

/// <param name="Faults">All of them, each a sentence.</param>
public sealed record RejectedResource(string Kind, string Key, long Revision, IReadOnlyList<string> Faults);
