using System.Text.Json;
using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>How a tenant is kept apart: one row of the operator's and one of its own, where the stricter wins.</summary>
internal sealed class IsolationPolicyRow
{
    public TenantId TenantId { get; init; }

    public bool IsOperators { get; init; }

    /// <summary>A <see cref="Contracts.Configuration.IsolationSpec"/>.</summary>
    public JsonElement Spec { get; set; }

    /// <summary>Sealed with the master key, context <see cref="SaltContextOf"/>; in the operator's row only, null for none.</summary>
    public byte[]? CacheSalt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Grows with each change; the resource's ETag.</summary>
    public long Version { get; set; } = 1;

    public static string SaltContextOf(TenantId tenant) => $"cache-salt\n{tenant}";
}
