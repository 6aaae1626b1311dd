using System.ComponentModel.DataAnnotations;

namespace Platform.Gateway.Telemetry;

/// <summary>Section <c>Metrics</c>: how many values an attribute may have. All beyond are one, <c>_OTHER</c>.</summary>
internal sealed class MetricsSettings
{
    [Range(0, 10_000)]
    public int MaxTenants { get; set; } = 200;

    [Range(0, 10_000)]
    public int MaxModels { get; set; } = 200;

    [Range(0, 10_000)]
    public int MaxPools { get; set; } = 200;

    /// <summary>Tenants, models, pools and operations that occur together.</summary>
    [Range(0, 100_000)]
    public int MaxSeries { get; set; } = 2000;
}
