using NpgsqlTypes;
using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>How much of one agent boot's journal is stored.</summary>
internal sealed class JournalWatermarkRow
{
    public AgentId AgentId { get; init; }

    public BootId BootId { get; init; }

    /// <summary>The sequences that arrived, as an <c>int8multirange</c>; bounded, the lowest are kept.</summary>
    public NpgsqlRange<long>[] Received { get; set; } = [];

    /// <summary>Every sequence up to and including this one is stored.</summary>
    public long Contiguous { get; set; }

    /// <summary>The highest stored sequence.</summary>
    public long Highest { get; set; }

    /// <summary>The last sequence that the agent says it committed.</summary>
    public long Head { get; set; }

    /// <summary>When <see cref="Contiguous"/> last grew, or the journal last was complete.</summary>
    public DateTimeOffset StalledSince { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}
