using System.Diagnostics;
using System.Globalization;

namespace Platform.Gateway.Tests.World;

/// <summary>The program as a process of its own; however a test ends, it does not outlive it.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly Task _output;

    private GatewayProcess(Process process, Uri url)
    {
        _process = process;
        _output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        Http = new() { BaseAddress = url };
    }

    public HttpClient Http { get; }

    /// <summary>Files and directories of which the kernel tells it when they change.</summary>
    public int Watched => Directory.EnumerateFiles($"/proc/{Id}/fdinfo").Sum(f => File.ReadLines(f).Count(l => l.StartsWith("inotify ", StringComparison.Ordinal)));

    public string Id => _process.Id.ToString(CultureInfo.InvariantCulture);

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts it with an enrolled data directory and returns once it listens.</summary>
    public static Task<GatewayProcess> StartAsync(Uri control, string directory, int port = 0, params (string Name, string Value)[] settings) =>
        StartInAsync("", control, directory, port, settings);

    /// <param name="workingDirectory">Where it is started.</param>
    public static async Task<GatewayProcess> StartInAsync(
        string workingDirectory, Uri control, string directory, int port = 0, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Platform.Gateway"))
        {
            RedirectStandardOutput = true,
            WorkingDirectory = workingDirectory,
        };
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        start.Environment["Agent__DataDirectory"] = Path.Combine(directory, "data");
        start.Environment["Agent__ControlUrl"] = control.ToString();
        start.Environment["Agent__NoticeSeconds"] = "0";
        start.Environment["Agent__DrainSeconds"] = "10";
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is var at and >= 0)
                return new(process, new(line[(at + Listening.Length)..].Split('"')[0]));
        }
        throw new InvalidOperationException("The gateway ended before it listened.");
    }

    public async Task<bool> IsReadyAsync()
    {
        using var response = await Http.GetAsync("/readyz", TestContext.Current.CancellationToken);
        return response.IsSuccessStatusCode;
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await ExitedAsync();
    }

    public Task TerminateAsync() => SignalAsync("TERM");

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, Id]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public Task ExitedAsync() => _process.WaitForExitAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _output;
        _process.Dispose();
    }
}
