using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>A usage record that can never be stored, kept for a person to look at.</summary>
internal sealed class UsageQuarantineRow
{
    public Guid Id { get; init; }

    public AgentId? AgentId { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }

    public required string Reason { get; init; }

    public required byte[] Body { get; init; }
}
