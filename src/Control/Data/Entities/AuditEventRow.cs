using System.Text.Json;
using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>Who did what to what, written in the transaction that did it; never changed.</summary>
internal sealed class AuditEventRow
{
    public TenantId TenantId { get; init; }

    public Guid Id { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>The principal's <c>sub</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>Dotted, the thing first: <c>api-key.create</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The id or name of what was acted on.</summary>
    public required string Target { get; init; }

    public JsonElement? Details { get; init; }
}
