using System.Diagnostics;

namespace Platform.Gateway.Tests.World;

/// <summary>The program as a process of its own.</summary>
internal static class GatewayProcess
{
    /// <summary>Starts it with an enrolled data directory and returns once it listens.</summary>
    public static Process Start(Uri control, string directory, out Uri url)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Platform.Gateway")) { RedirectStandardOutput = true };
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["Agent__DataDirectory"] = Path.Combine(directory, "data");
        start.Environment["Agent__ControlUrl"] = control.ToString();
        start.Environment["Agent__DrainSeconds"] = "10";
        var process = Process.Start(start)!;
        const string Listening = "Now listening on: ";
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is var at and >= 0)
            {
                url = new(line[(at + Listening.Length)..].Split('"')[0]);
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return process;
            }
        }
        throw new InvalidOperationException("The gateway ended before it listened.");
    }
}
