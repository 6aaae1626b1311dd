using System.Globalization;
using System.Text;
using Platform.GpuWorker.Options;

namespace Platform.GpuWorker;

/// <summary>What a worker says when it listens.</summary>
internal static class Banner
{
    public static string Write(WorkerOptions options, Uri api, Uri? dcgm)
    {
        var text = new StringBuilder("GPU worker: a SIMULATOR of an inference server. Its times are modelled and its answers are filler text.\n");
        text.Append(CultureInfo.InvariantCulture, $"model {options.Model}, profile {options.Profile.Name}, time scale {options.TimeScale}, ");
        text.Append(CultureInfo.InvariantCulture, $"{options.Limits.KvBlocks} KV blocks, background {options.Background}\n");
        if (options.Faults.Modes().ToArray() is { Length: > 0 } modes)
            text.Append(CultureInfo.InvariantCulture, $"faults {string.Join(", ", modes)}\n");
        if (dcgm is not null)
            text.Append(CultureInfo.InvariantCulture, $"DCGM metrics on {Origin(dcgm)}/metrics\n");
        return text.Append(CultureInfo.InvariantCulture, $"listening on {Origin(api)}").ToString();
    }

    private static string Origin(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
