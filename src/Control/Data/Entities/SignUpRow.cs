using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>Somebody who asked for a tenant of their own.</summary>
internal sealed class SignUpRow
{
    public Guid Id { get; init; }

    /// <summary>The <c>sub</c> of who asked, and becomes the owner.</summary>
    public required string Principal { get; init; }

    public string? Email { get; set; }

    public required string TenantName { get; set; }

    public required string Slug { get; set; }

    /// <summary>One of <see cref="Contracts.Api.SignUpStates"/>.</summary>
    public required string State { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DecidedAt { get; set; }

    public string? DecidedBy { get; set; }

    public TenantId? MadeTenantId { get; set; }
}
