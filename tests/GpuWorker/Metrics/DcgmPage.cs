using Platform.GpuWorker.Faults;
using Platform.GpuWorker.Options;

namespace Platform.GpuWorker.Metrics;

/// <summary>
/// The GPUs in dcgm-exporter's names. As on real ones, utilisation is 100 whenever anything decodes and framebuffer use
/// is constant; the fault <c>slow</c> shows as heat.
/// </summary>
internal static class DcgmPage
{
    private const double UsedShare = 0.9;
    private const int ReservedMiB = 551;
    private const int IdleWatts = 95;
    private const int BusyWatts = 640;
    private const int IdleCelsius = 36;
    private const int BusyCelsius = 68;
    private const int ThrottledCelsius = 91;

    public static string Write(WorkerOptions options, EngineMetrics metrics, FaultSet faults)
    {
        var gpu = options.Profile;
        var busy = Math.Min(1, metrics.BusyRate.PerSecond);
        var used = Math.Round(gpu.GpuMemoryMiB * UsedShare);
        var hottest = faults.SlowFactor > 1 ? ThrottledCelsius : BusyCelsius;
        var page = new PrometheusPage("");
        Add("DCGM_FI_DEV_GPU_UTIL", "GPU utilization (in %).", Math.Ceiling(100 * busy));
        Add("DCGM_FI_DEV_MEM_COPY_UTIL", "Memory utilization (in %).", Math.Round(70 * busy));
        Add("DCGM_FI_DEV_FB_USED", "Framebuffer memory used (in MiB).", used);
        Add("DCGM_FI_DEV_FB_FREE", "Framebuffer memory free (in MiB).", gpu.GpuMemoryMiB - used - ReservedMiB);
        Add("DCGM_FI_DEV_FB_RESERVED", "Framebuffer memory reserved (in MiB).", ReservedMiB);
        Add("DCGM_FI_DEV_POWER_USAGE", "Power draw (in W).", IdleWatts + Math.Round(busy * (BusyWatts - IdleWatts)));
        Add("DCGM_FI_DEV_GPU_TEMP", "GPU temperature (in C).", IdleCelsius + Math.Round(busy * (hottest - IdleCelsius)));
        Add("DCGM_FI_DEV_XID_ERRORS", "Value of the last XID error encountered.", 0);
        Add("DCGM_FI_PROF_GR_ENGINE_ACTIVE", "Ratio of time the graphics engine is active.", busy);
        Add("DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", "Ratio of cycles the tensor (HMMA) pipe is active.", 0.4 * busy);
        Add("DCGM_FI_PROF_DRAM_ACTIVE", "Ratio of cycles the device memory interface is active sending or receiving data.", 0.5 * busy);
        return page.ToString();

        void Add(string name, string help, double value) => page.Gauges(name, help, Enumerable.Range(0, gpu.Gpus).Select(i => (
            $"gpu=\"{i}\",UUID=\"GPU-simulated-{i}\",device=\"nvidia{i}\",modelName=\"{gpu.GpuName} (simulated)\"", value)));
    }
}
