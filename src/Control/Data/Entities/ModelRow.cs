using System.Text.Json;
using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>A name that callers send; part of the catalog when its tenant is <see cref="TenantId.Platform"/>.</summary>
internal sealed class ModelRow
{
    public TenantId TenantId { get; init; }

    public ModelId Id { get; init; }

    public ModelName Name { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Other names that callers may send.</summary>
    public string[] Aliases { get; set; } = [];

    public string? Description { get; set; }

    /// <summary>Tokens, prompt and answer together; null where nobody said.</summary>
    public int? ContextWindow { get; set; }

    /// <summary>A <see cref="Contracts.Configuration.ModelRouting"/>; null for the agent's settings.</summary>
    public JsonElement? Routing { get; set; }

    /// <summary>Offered to every tenant; else to those of <see cref="ModelOfferRow"/>. For the platform's models only.</summary>
    public bool OfferedToAll { get; set; } = true;

    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>Grows with each change; the resource's ETag.</summary>
    public long Version { get; set; } = 1;

    public List<ModelTargetRow> Targets { get; init; } = [];
}
