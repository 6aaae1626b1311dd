using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>A group's key, under which secrets travel to its agents.</summary>
internal sealed class GroupKeyRow
{
    public AgentGroupName GroupName { get; init; }

    public required string KeyId { get; init; }

    /// <summary>32 bytes, sealed with the master key.</summary>
    public required byte[] Sealed { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
