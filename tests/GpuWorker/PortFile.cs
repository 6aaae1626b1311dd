using System.Globalization;

namespace Platform.GpuWorker;

internal static class PortFile
{
    /// <summary>Writes the port so that a reader finds the whole number or no file.</summary>
    public static async Task WriteAsync(string path, int port)
    {
        var unfinished = path + ".tmp";
        await File.WriteAllTextAsync(unfinished, port.ToString(CultureInfo.InvariantCulture) + "\n");
        File.Move(unfinished, path, overwrite: true);
    }
}
