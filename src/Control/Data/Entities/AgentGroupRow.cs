using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>The agents that serve the same tenants and pools.</summary>
internal sealed class AgentGroupRow
{
    public AgentGroupName Name { get; init; }

    public string? Description { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Grows with each change; the resource's ETag.</summary>
    public long Version { get; set; } = 1;
}
