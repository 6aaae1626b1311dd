namespace Platform.Control.Data.Entities;

/// <summary>A user of the platform itself.</summary>
internal sealed class OperatorRow
{
    /// <summary>The <c>sub</c> of the principal's tokens.</summary>
    public required string Principal { get; init; }

    /// <summary>One of <see cref="Contracts.Api.OperatorRoles"/>.</summary>
    public required string Role { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public long Version { get; set; } = 1;
}
