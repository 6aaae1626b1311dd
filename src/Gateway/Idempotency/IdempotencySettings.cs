using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Configuration;

namespace Platform.Gateway.Idempotency;

/// <summary>Section <c>Idempotency</c>: how long answers are given again to the same <c>Idempotency-Key</c>, and what that may take.</summary>
internal sealed class IdempotencySettings
{
    /// <summary>Where the tenant does not say; 0 for never.</summary>
    [Range(0, TrafficSpec.MaxSeconds)]
    public int Seconds { get; set; } = 600;

    /// <summary>Keys that are known at one time; each takes about 300 bytes beside its answer.</summary>
    [Range(1, 10_000_000)]
    public int MaxEntries { get; set; } = 65_536;

    /// <summary>Answers that are kept at one time, all together.</summary>
    [Range(1, 1024 * 1024)]
    public int MaxMegabytes { get; set; } = 32;

    /// <summary>A larger answer is not kept.</summary>
    [Range(1, 64 * 1024)]
    public int MaxAnswerKilobytes { get; set; } = 1024;

    /// <summary>The most that one tenant may take of the answers, and of the keys once half of them are taken.</summary>
    [Range(1, 100)]
    public int MaxTenantPercent { get; set; } = 25;

    /// <summary>How long the other agents of the group are waited for; 0 to ask none.</summary>
    [Range(0, 10_000)]
    public int AskMilliseconds { get; set; } = 20;

    public int MaxAnswerBytes => MaxAnswerKilobytes * 1024;

    public long MaxBytes => MaxMegabytes * 1024L * 1024;

    public long MaxTenantBytes => MaxBytes * MaxTenantPercent / 100;

    public int MaxTenantEntries => (int)Math.Max(1, (long)MaxEntries * MaxTenantPercent / 100);
}
