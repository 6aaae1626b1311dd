namespace Platform.Control.Data.Entities;

/// <summary>The one row whose lock orders every write that agents must hear of.</summary>
internal sealed class ConfigHeadRow
{
    /// <summary>Always 1.</summary>
    public short Id { get; init; } = 1;

    public long Revision { get; set; }

    /// <summary>Changes when the database is restored: then agents take everything anew.</summary>
    public Guid Epoch { get; set; }

    /// <summary>Where <see cref="Epoch"/> holds; see <see cref="DatabaseFingerprint"/>.</summary>
    public required string DatabaseFingerprint { get; set; }
}
