namespace Platform.GpuWorker.Options;

/// <summary>Whose metric names <c>/metrics</c> speaks.</summary>
internal enum MetricsDialect
{
    Vllm,
    Sglang,
    LlamaCpp,
}
