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

    /// <summary>One of <see cref="Contracts.Api.ActorKinds"/>.</summary>
    public required string ActorKind { get; init; }

    /// <summary>The actor's e-mail address as its token said, or the client's name.</summary>
    public string? ActorName { get; init; }

    /// <summary>The address that the call came from.</summary>
    public string? Address { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>One of <see cref="Contracts.Api.AuditOutcomes"/>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Dotted, the thing first: <c>api-key.create</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The id or name of what was acted on.</summary>
    public required string Target { get; init; }

    /// <summary>The resource as its answer shows it, so without secrets; null for what began or has no shape.</summary>
    public JsonElement? Before { get; init; }

    /// <inheritdoc cref="Before"/>
    public JsonElement? After { get; init; }

    public JsonElement? Details { get; init; }
}
