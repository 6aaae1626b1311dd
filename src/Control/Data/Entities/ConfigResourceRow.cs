using System.Text.Json;
using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>What agents of a group hold; the table is the outbox.</summary>
internal sealed class ConfigResourceRow
{
    public TenantId TenantId { get; init; }

    public AgentGroupName GroupName { get; init; }

    /// <summary>One of <see cref="Contracts.Configuration.ConfigKinds"/>.</summary>
    public required string Kind { get; init; }

    public required string Key { get; init; }

    /// <summary>The config revision of the transaction that last wrote it.</summary>
    public long Revision { get; set; }

    /// <summary>Null is a tombstone.</summary>
    public JsonElement? Document { get; set; }
}
