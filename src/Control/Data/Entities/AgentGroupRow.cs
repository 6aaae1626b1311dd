using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>The agents that serve the same tenants and pools.</summary>
internal sealed class AgentGroupRow
{
    public AgentGroupName Name { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
