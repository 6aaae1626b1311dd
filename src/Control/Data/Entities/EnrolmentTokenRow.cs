using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>A one-time token that lets an agent enrol.</summary>
internal sealed class EnrolmentTokenRow
{
    /// <summary>SHA-256 of the token's text.</summary>
    public required byte[] Hash { get; init; }

    public AgentGroupName GroupName { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }

    public AgentId? UsedBy { get; set; }
}
