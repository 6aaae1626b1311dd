using System.ComponentModel.DataAnnotations;

namespace Platform.Gateway.Caching;

/// <summary>Section <c>Cache</c>: what cached answers may take. Whether there are any, tenants and keys say.</summary>
internal sealed class CacheSettings
{
    [Range(1, 10_000_000)]
    public int MaxEntries { get; set; } = 16_384;

    /// <summary>All together.</summary>
    [Range(1, 1024 * 1024)]
    public int MaxMegabytes { get; set; } = 32;

    /// <summary>A larger answer is not kept.</summary>
    [Range(1, 64 * 1024)]
    public int MaxAnswerKilobytes { get; set; } = 1024;

    /// <summary>The most that one tenant may take.</summary>
    [Range(1, 100)]
    public int MaxTenantPercent { get; set; } = 25;

    public int MaxAnswerBytes => MaxAnswerKilobytes * 1024;

    public long MaxBytes => MaxMegabytes * 1024L * 1024;

    public long MaxTenantBytes => MaxBytes * MaxTenantPercent / 100;
}
