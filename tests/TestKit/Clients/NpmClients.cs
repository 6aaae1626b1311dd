using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace Platform.TestKit.Clients;

/// <summary>
/// Runs the scenarios of <c>tests/clients-npm</c> against a server. The locked packages are installed into
/// <c>artifacts/clients-npm</c> when they are not there yet, which needs npm and its registry; the node that runs them is one
/// of the packages, so that it is the same everywhere. A test says <c>Assert.SkipUnless(NpmClients.IsAvailable, NpmClients.Missing)</c> first.
/// </summary>
public static class NpmClients
{
    public const string Missing = "npm is needed to run the official npm clients.";

    private static readonly TimeSpan InstallTime = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan RunTime = TimeSpan.FromMinutes(2);
    private static readonly SemaphoreSlim Installing = new(1);
    private static readonly Lazy<bool> Available = new(HasNpm);

    public static bool IsAvailable => Available.Value;

    /// <summary>Each scenario's line by its name.</summary>
    /// <param name="further">More of the script's options, such as <c>--only plain,stream</c>.</param>
    public static async Task<IReadOnlyDictionary<string, JsonElement>> RunAsync(Uri server, string key, string dialect, params string[] further)
    {
        var folder = await InstallAsync();
        string[] arguments = [Path.Combine(folder, "scenarios.mjs"), "--base", server.ToString().TrimEnd('/'), "--key", key, "--dialect", dialect, .. further];
        var output = await RunAsync(NodeIn(folder), arguments, folder, RunTime);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonSerializer.Deserialize<JsonElement>(l))
            .ToDictionary(l => l.GetProperty("scenario").GetString()!);
    }

    private static async Task<string> InstallAsync()
    {
        var root = Root();
        var (source, target) = (Path.Combine(root, "tests/clients-npm"), Path.Combine(root, "artifacts/clients-npm"));
        await Installing.WaitAsync();
        try
        {
            Directory.CreateDirectory(target);
            // Another test project may install at the same time.
            await using var held = await HoldAsync(Path.Combine(target, "lock"));
            foreach (var file in Directory.EnumerateFiles(source))
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
            var wanted = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"))));
            var stamp = Path.Combine(target, "installed");
            if (!File.Exists(stamp) || await File.ReadAllTextAsync(stamp) != wanted)
            {
                await RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], target, InstallTime);
                await File.WriteAllTextAsync(stamp, wanted);
            }
            return target;
        }
        finally
        {
            Installing.Release();
        }
    }

    private static async Task<FileStream> HoldAsync(string path)
    {
        for (var deadline = Stopwatch.StartNew(); ;)
        {
            try
            {
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (deadline.Elapsed < InstallTime)
            {
                await Task.Delay(100);
            }
        }
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string folder, TimeSpan within)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // The clients read keys and addresses from the environment too.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("OPENAI_", StringComparison.Ordinal) || k.StartsWith("ANTHROPIC_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        using var deadline = new CancellationTokenSource(within);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(deadline.Token), process.StandardError.ReadToEndAsync(deadline.Token));
            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode == 0
                ? await output
                : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} took longer than {within.TotalSeconds} s.");
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("Platform.sln was not found above the tests.");
        return folder.FullName;
    }

    private static bool HasNpm() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(f => f.Length > 0 && File.Exists(Path.Combine(f, "npm")));

    private static string NodeIn(string folder) =>
        Directory.EnumerateDirectories(Path.Combine(folder, "node_modules"), "node-linux-*").Select(d => Path.Combine(d, "bin/node")).SingleOrDefault(File.Exists)
        ?? throw new InvalidOperationException("There is no node package for this machine.");
}
