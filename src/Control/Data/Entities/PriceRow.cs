using System.Text.Json;
using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>What a model costs from an instant on: the platform's rows are base prices, a tenant's rows its own.</summary>
internal sealed class PriceRow
{
    /// <summary><see cref="TenantId.Platform"/> for base prices.</summary>
    public TenantId TenantId { get; init; }

    public Guid Id { get; init; }

    /// <summary>The model's name as it is served.</summary>
    public required string Model { get; init; }

    /// <summary>ISO 4217, upper case.</summary>
    public required string Currency { get; init; }

    /// <summary>A <see cref="Contracts.Configuration.PriceSpec"/>.</summary>
    public JsonElement Spec { get; init; }

    public DateTimeOffset EffectiveFrom { get; init; }

    /// <summary>Exclusive; null while no end is known.</summary>
    public DateTimeOffset? EffectiveTo { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Grows with each change; the resource's ETag.</summary>
    public long Version { get; set; } = 1;
}
