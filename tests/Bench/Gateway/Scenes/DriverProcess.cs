using System.Diagnostics;
using System.Text.Json;
using Platform.Bench.Gateway.Proxies;
using Platform.Bench.Gateway.Traffic;
using Platform.Local;

namespace Platform.Bench.Gateway.Scenes;

/// <summary>The driver, as a process that does one job after the other.</summary>
internal sealed class DriverProcess : IDisposable
{
    private readonly Process _process;

    public DriverProcess()
    {
        var command = Stage.Self(BenchOptions.Drive);
        _process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true })
            ?? throw new LocalException("Cannot start the driver.");
    }

    public async Task<DriveReport> DriveAsync(DriveJob job)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(job));
        return await _process.StandardOutput.ReadLineAsync() is { } line
            ? JsonSerializer.Deserialize<DriveReport>(line)!
            : throw new LocalException("The driver ended.");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
