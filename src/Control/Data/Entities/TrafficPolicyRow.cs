using System.Text.Json;
using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>How a tenant's requests are carried; one row at most for each tenant.</summary>
internal sealed class TrafficPolicyRow
{
    public TenantId TenantId { get; init; }

    /// <summary>A <see cref="Contracts.Configuration.TrafficSpec"/>.</summary>
    public JsonElement Spec { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Grows with each change; the resource's ETag.</summary>
    public long Version { get; set; } = 1;
}
