using Platform.Local;
using Platform.Local.Commands;
using Platform.Local.Demo;
using Platform.Local.Processes;
using Platform.Local.Stack;

[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Platform.E2E.WholeSystem))]

namespace Platform.E2E;

/// <summary>
/// What <c>./platform up</c> starts, started by <c>./platform up</c>, in a home of its own that is gone afterwards. The
/// simulated workers run ten times faster than the GPUs they stand for.
/// </summary>
public sealed class WholeSystem : IAsyncLifetime
{
    private static readonly string TimeScale = "0.1";

    private readonly Dictionary<string, string> _environment = [];

    public WholeSystem()
    {
    }

    /// <summary>Another one beside the first, with these variables in its environment.</summary>
    internal WholeSystem(Dictionary<string, string> environment) => _environment = environment;

    public LocalPlatform Platform { get; private set; } = null!;

    public DemoFile Demo { get; private set; } = null!;

    /// <summary>What <c>up</c> printed.</summary>
    public string UpOutput { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var repository = Home.FindRepository(AppContext.BaseDirectory);
        var home = new Home(repository, Path.Combine(Path.GetTempPath(), "platform-e2e-" + Path.GetRandomFileName()));
        Environment.SetEnvironmentVariable("PLATFORM_TIME_SCALE", TimeScale);
        if (_environment.Count == 0)
            Environment.SetEnvironmentVariable("PLATFORM_HOME", home.Directory);
        _environment["PLATFORM_HOME"] = home.Directory;
        Platform = new(home);
        UpOutput = await UpAsync();
        Platform.Dispose();
        Platform = new(home);
        Demo = DemoFile.Load(home)!;
    }

    /// <summary>Runs <c>./platform up</c> as a person would.</summary>
    public Task<string> UpAsync() => Launcher.RunAsync(
        "./platform up", ["bash", Path.Combine(Platform.Home.Repository, "platform"), "up", .. Options()], _environment);

    public async ValueTask DisposeAsync()
    {
        if (Environment.GetEnvironmentVariable("PLATFORM_E2E_KEEP") is { Length: > 0 })
            return;
        await DownCommand.RunAsync(Platform.Home, purge: true);
        Platform.Dispose();
    }

    // The tests' own build has built the programs already.
    private static string[] Options() => Environment.GetEnvironmentVariable("PLATFORM_NO_BUILD") is { Length: > 0 } ? ["--no-build"] : [];
}
