using System.Text.Json;
using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>Ordered rules for prompts and answers; the platform's own are the floor beneath every tenant's.</summary>
internal sealed class GuardrailPolicyRow
{
    public TenantId TenantId { get; init; }

    public Guid Id { get; init; }

    public required string Name { get; set; }

    public bool Enabled { get; set; }

    /// <summary>Lower ones are applied first.</summary>
    public int Order { get; set; }

    /// <summary>A <see cref="Contracts.Configuration.GuardrailSpec"/>.</summary>
    public JsonElement Spec { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Grows with each change; the resource's ETag.</summary>
    public long Version { get; set; } = 1;
}
