using System.Globalization;
using Platform.Control.Tests.Api;
using Platform.Local.Processes;

namespace Platform.Control.Tests.Delivery;

/// <summary>Control as a process of its own, which can be frozen and killed.</summary>
internal sealed class ControlProcess : IDisposable
{
    private ControlProcess(RunningProcess process, int port)
    {
        Process = process;
        Http = new() { BaseAddress = new($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"), Timeout = TimeSpan.FromSeconds(30) };
    }

    public RunningProcess Process { get; }

    public HttpClient Http { get; }

    public static async Task<ControlProcess> StartAsync(ControlApp app, int port, string logs)
    {
        var program = Path.Combine(Snapshots.Root(), "artifacts/bin/Control/release/Platform.Control.dll");
        var environment = app.AllSettings().ToDictionary(s => s.Key.Replace(":", "__", StringComparison.Ordinal), s => s.Value);
        environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        var address = $"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}";
        var name = $"control-{port.ToString(CultureInfo.InvariantCulture)}";
        var started = new ControlProcess(Launcher.Start(new(name, ["dotnet", program, "--urls", address], environment), logs), port);
        await Launcher.WaitReadyAsync(started.Process, Launcher.Answers(started.Http, new(address + "/readyz")), TimeSpan.FromSeconds(60));
        return started;
    }

    /// <summary>A caller's client, pointed at this process.</summary>
    public HttpClient As(HttpClient caller)
    {
        var http = new HttpClient { BaseAddress = Http.BaseAddress, Timeout = Http.Timeout };
        http.DefaultRequestHeaders.Authorization = caller.DefaultRequestHeaders.Authorization;
        return http;
    }

    public void Dispose()
    {
        Process.Signal("KILL");
        Http.Dispose();
    }
}
