using System.Net.Sockets;
using Platform.Local.Processes;
using Platform.Local.Stack;

namespace Platform.Bench.Gateway.Proxies;

/// <summary>Where everything that is measured runs: processes of one home, on free ports of 127.0.0.1, all with the null upstream behind them.</summary>
internal sealed class Stage(LocalPlatform platform) : IDisposable
{
    private const string Prefix = BenchPlatform.ProcessPrefix;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public LocalPlatform Platform => platform;

    public int UpstreamPort { get; private set; }

    public string Directory(string name) => Local.Home.MakeDirectory(Path.Combine(platform.Home.Directory, name));

    /// <summary>This program in another of its modes.</summary>
    public static IReadOnlyList<string> Self(params string[] arguments) => ["dotnet", typeof(Stage).Assembly.Location, .. arguments];

    public async Task<Proxy> StartUpstreamAsync()
    {
        UpstreamPort = Port("upstream");
        return await StartAsync("upstream", UpstreamPort, Self(BenchOptions.Upstream, $"{UpstreamPort}"));
    }

    public int Port(string name) => platform.State.Port(Prefix + name);

    /// <summary>Starts a program and waits until it takes connections, or answers <paramref name="readyPath"/>.</summary>
    public async Task<Proxy> StartAsync(
        string name, int port, IReadOnlyList<string> command, Dictionary<string, string>? environment = null, string? readyPath = null, params string[] headers)
    {
        // As the platform runs its own agents.
        var all = new Dictionary<string, string>(environment ?? []) { ["DOTNET_gcServer"] = "0" };
        // In its own folder: a host watches the one that it is started in.
        var process = Launcher.Start(new(Prefix + name, command, all, WorkingDirectory: Directory(name)), platform.Home.LogDirectory);
        platform.Processes.Add(process);
        await Launcher.WaitReadyAsync(process, readyPath is null ? Accepts(port) : Launcher.Answers(_http, new($"http://127.0.0.1:{port}{readyPath}")), Patience);
        return new(name, port, process, headers);
    }

    public void Dispose() => _http.Dispose();

    private static Func<CancellationToken, Task<bool>> Accepts(int port) => async ct =>
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, ct);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    };
}
