using System.ComponentModel.DataAnnotations;

namespace Platform.Gateway.Metering;

/// <summary>Section <c>Journal</c>.</summary>
internal sealed class JournalSettings
{
    public JournalDurability Durability { get; set; } = JournalDurability.Process;

    /// <summary>Bound of the unconfirmed records; confirmed ones have half of it. At the bound new requests are refused.</summary>
    [Range(1, 1024 * 1024)]
    public int MaxMegabytes { get; set; } = 512;

    /// <summary>Below this much free disk space new requests are refused.</summary>
    [Range(0, 1024 * 1024)]
    public int MinFreeMegabytes { get; set; } = 64;

    public long MaxBytes => MaxMegabytes * 1024L * 1024L;
}

internal enum JournalDurability
{
    /// <summary>SQLite's synchronous=NORMAL: a record survives the death of the process, not a power cut.</summary>
    Process,

    /// <summary>synchronous=FULL: a record survives a power cut; each commit waits for the disk.</summary>
    Power,
}
