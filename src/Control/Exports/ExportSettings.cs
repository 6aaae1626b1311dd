using System.ComponentModel.DataAnnotations;

namespace Platform.Control.Exports;

/// <summary>
/// Section <c>Exports</c>: how many files may be written at a time, by this process, and how slowly they may be read. Each
/// holds a database connection from its first line to its last.
/// </summary>
internal sealed class ExportSettings
{
    [Range(1, 1000)]
    public int AtOnce { get; set; } = 10;

    [Range(1, 1000)]
    public int AtOnceForTenant { get; set; } = 2;

    /// <summary>How long a reader may stand still; also what it may fall behind <see cref="MinBytesPerSecond"/>.</summary>
    [Range(1, 600)]
    public int StallSeconds { get; set; } = 30;

    [Range(1, 100_000_000)]
    public int MinBytesPerSecond { get; set; } = 32 * 1024;
}
