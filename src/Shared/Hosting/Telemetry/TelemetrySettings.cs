using System.ComponentModel.DataAnnotations;

namespace Platform.Hosting.Telemetry;

/// <summary>Section <c>Telemetry</c>. The OTLP exporter follows the standard OTEL_* variables.</summary>
public sealed class TelemetrySettings
{
    /// <summary>Port of a Prometheus page <c>/metrics</c>, on that port only; 0 for none.</summary>
    [Range(0, 65535)]
    public int MetricsPort { get; set; }

    /// <summary>The address on which that port listens.</summary>
    [Required]
    public string MetricsAddress { get; set; } = "127.0.0.1";

    /// <summary>The share of traces that are kept, of those that begin here; whoever began one elsewhere has decided already.</summary>
    [Range(0.0, 1.0)]
    public double SampleRatio { get; set; } = 1;
}
