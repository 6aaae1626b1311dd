using System.Text.Json;
using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>What a POST with an <c>Idempotency-Key</c> answered, written in its transaction, so that it is answered once.</summary>
internal sealed class IdempotencyRow
{
    /// <summary>The path's tenant, or <see cref="TenantId.Platform"/>.</summary>
    public TenantId TenantId { get; init; }

    public required string Principal { get; init; }

    public required string Key { get; init; }

    /// <summary>SHA-256 of the method, the path and the body.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>The answer without what was secret in it.</summary>
    public JsonElement? Answer { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
}
