using System.Diagnostics;
using System.Runtime.InteropServices;
using Platform.Local.Packages;
using Platform.Local.Processes;
using Platform.Local.Servers;
using Platform.Local.Stack;

namespace Platform.Local.Commands;

/// <summary>
/// <c>./platform bench NAME [--quick]</c>: runs the program in tests/Bench in a home of its own, for <c>config</c> against a
/// whole platform there, and stops and deletes everything again, also when interrupted. <c>micro</c> starts nothing.
/// </summary>
public static class BenchCommand
{
    public static readonly IReadOnlyList<string> Names = [ConfigName, GatewayName, MicroName];

    private const string ConfigName = "config";
    private const string GatewayName = "gateway";
    private const string MicroName = "micro";

    private const int Interrupted = 130;

    /// <exception cref="LocalException">There is no such benchmark; the message names those that there are.</exception>
    public static async Task<int> RunAsync(string repository, IReadOnlyList<string> arguments)
    {
        CheckArguments(arguments);
        // Measured are servers of its own, never somebody's.
        Environment.SetEnvironmentVariable("PLATFORM_POSTGRES", null);
        Environment.SetEnvironmentVariable("PLATFORM_RABBITMQ", null);
        await InstallAsync(arguments[0]);
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var home = new Home(repository, Path.Combine(Path.GetTempPath(), "platform-bench-" + Path.GetRandomFileName()));
        try
        {
            return await RunAsync(home, arguments, stop.Token);
        }
        catch (Exception e) when (stop.IsCancellationRequested && e is OperationCanceledException or LocalException)
        {
            Console.WriteLine("Interrupted.");
            return Interrupted;
        }
        finally
        {
            if (Environment.GetEnvironmentVariable("PLATFORM_BENCH_KEEP") is { Length: > 0 })
                Console.WriteLine($"Left running: PLATFORM_HOME={home.Directory}");
            else
                await BenchPlatform.DeleteAsync(home);
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task InstallAsync(string name)
    {
        switch (name)
        {
            case ConfigName:
                await Backing.InstallAsync();
                break;
            case GatewayName:
                if (!RabbitNode.IsInstalled)
                    await AptPackages.EnsureAsync(["rabbitmq-server"]);
                await InstallPeersAsync();
                break;
        }
    }

    /// <summary>Those that cannot be had are left out of the table, which says so.</summary>
    private static async Task InstallPeersAsync()
    {
        foreach (var peer in (string[])["nginx", "haproxy"])
        {
            try
            {
                if (!File.Exists("/usr/sbin/" + peer))
                    await AptPackages.EnsureAsync([peer]);
            }
            catch (LocalException e)
            {
                Console.WriteLine($"{peer} is not to be had here: {e.Message}");
            }
        }
    }

    private static void CheckArguments(IReadOnlyList<string> arguments)
    {
        var known = string.Join(", ", Names);
        if (arguments is [])
            throw new LocalException($"bench needs a name: {known}.");
        if (!Names.Contains(arguments[0]))
            throw new LocalException($"There is no benchmark '{arguments[0]}'. There are: {known}.");
        var rest = arguments.Skip(1).Where(a => a != "--quick").ToList();
        if (arguments[0] == GatewayName && rest is ["--beside", _])
            return;
        if (rest is not [])
            throw new LocalException($"bench {arguments[0]} takes --quick and nothing else.");
    }

    private static async Task<int> RunAsync(Home home, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        home.Create();
        var project = arguments[0] == MicroName ? "Gateway.Micro" : "Bench";
        await Launcher.RunAsync(
            "dotnet build", ["dotnet", "build", Path.Combine(home.Repository, $"tests/{project}/{project}.csproj"), "-c", "Release", "-v", "quiet", "--nologo"]);
        ct.ThrowIfCancellationRequested();
        if (arguments[0] == ConfigName)
        {
            using var platform = new LocalPlatform(home);
            await BenchPlatform.StartAsync(platform, ct);
        }
        var command = new[] { Path.Combine(home.Repository, $"artifacts/bin/{project}/release/Platform.{project}.dll") }.Concat(arguments);
        var start = new ProcessStartInfo("dotnet", arguments[0] == MicroName ? command.Where(a => a != MicroName) : command)
        {
            UseShellExecute = false,
            Environment = { ["PLATFORM_HOME"] = home.Directory, ["PLATFORM_REPOSITORY"] = home.Repository },
        };
        using var program = Process.Start(start) ?? throw new LocalException("Cannot start the benchmark.");
        try
        {
            await program.WaitForExitAsync(ct);
        }
        finally
        {
            if (!program.HasExited)
                program.Kill();
        }
        return program.ExitCode;
    }
}
