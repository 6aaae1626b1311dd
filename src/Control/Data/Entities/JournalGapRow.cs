using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>Sequences of a boot's journal that are missing; both ends are inclusive.</summary>
internal sealed class JournalGapRow
{
    public AgentId AgentId { get; init; }

    public BootId BootId { get; init; }

    public long FromSequence { get; init; }

    public long ToSequence { get; set; }

    public DateTimeOffset NoticedAt { get; init; }

    public DateTimeOffset? RequestedAt { get; set; }
}
