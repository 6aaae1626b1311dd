using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>A tenant's unit of keys and attribution.</summary>
internal sealed class ProjectRow
{
    public TenantId TenantId { get; init; }

    public ProjectId Id { get; init; }

    public required string Name { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Set when it was deleted; usage still refers to it.</summary>
    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>Grows with each change; the resource's ETag.</summary>
    public long Version { get; set; } = 1;
}
