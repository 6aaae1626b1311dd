using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Local.Packages;
using Platform.Local.Processes;
using Platform.Local.Servers;

namespace Platform.Local.Commands;

/// <summary>
/// <c>./platform test [PROJECT...]</c>: builds, then runs every test project one after another, e2e last. The last line
/// is <c>N passed, N failed</c>, after what failed; a project that ran no test counts as failed.
/// </summary>
public static partial class TestCommand
{
    private const string Chromium = "/usr/bin/chromium";

    public static async Task<int> RunAsync(Home home, string[] only)
    {
        var clock = Stopwatch.StartNew();
        List<string> missing = [.. Backing.MissingForTests()];
        if (!File.Exists(Chromium))
            missing.AddRange(["chromium", "fonts-liberation"]);
        if (!OnPath("npm"))
            missing.Add("npm");
        await AptPackages.EnsureAsync(missing);
        Console.WriteLine("Building ...");
        await Launcher.RunAsync("dotnet build", ["dotnet", "build", Path.Combine(home.Repository, "Platform.sln"), "-c", "Release", "-v", "quiet", "--nologo"]);
        var total = new Counts(0, 0, 0);
        var failures = new FailedTests();
        foreach (var project in Projects(home).Where(p => only.Length == 0 || only.Contains(p)))
        {
            var counts = await RunProjectAsync(home, project, failures);
            Console.WriteLine($"-- {project}: {counts} ({clock.Elapsed:mm\\:ss})");
            total += counts;
        }
        foreach (var line in failures.Lines)
            Console.WriteLine(line);
        Console.WriteLine(total);
        return total.Failed == 0 && total.Passed > 0 ? 0 : 1;
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(f => f.Length > 0 && File.Exists(Path.Combine(f, program)));

    private static IEnumerable<string> Projects(Home home) =>
        Directory.EnumerateDirectories(Path.Combine(home.Repository, "tests"), "*.Tests").Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .Concat(File.Exists(Path.Combine(home.Repository, "e2e/E2E.csproj")) ? ["E2E"] : Array.Empty<string>())!;

    private static async Task<Counts> RunProjectAsync(Home home, string project, FailedTests failures)
    {
        Console.WriteLine($"== {project}");
        var program = Path.Combine(home.Repository, "artifacts/bin", project, "release", "Platform." + project);
        var start = new ProcessStartInfo(program, ["--progress", "off", "--timeout", "40m"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["PLATFORM_REPOSITORY"] = home.Repository, ["PLATFORM_NO_BUILD"] = "1" },
        };
        // Tests stop and kill servers: never somebody's.
        start.Environment.Remove("PLATFORM_POSTGRES");
        start.Environment.Remove("PLATFORM_RABBITMQ");
        using var process = Process.Start(start) ?? throw new LocalException($"Cannot start {program}.");
        Counts? counts = null;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            Console.WriteLine(line);
            // Colours come also where nobody looks at a terminal.
            var plain = Colour().Replace(line, "");
            counts = Summary.Read(plain, counts);
            failures.Read(project, plain);
        }
        await process.WaitForExitAsync();
        var read = counts ?? new(0, 0, 0);
        return read.Passed + read.Failed == 0 || (process.ExitCode != 0 && read.Failed == 0) ? read with { Failed = read.Failed + 1 } : read;
    }

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Colour();

    private sealed record Counts(int Passed, int Failed, int Skipped)
    {
        public static Counts operator +(Counts a, Counts b) => new(a.Passed + b.Passed, a.Failed + b.Failed, a.Skipped + b.Skipped);

        public override string ToString() => $"{Passed} passed, {Failed} failed{(Skipped > 0 ? $", {Skipped} skipped" : "")}";
    }

    /// <summary>Reads Microsoft.Testing.Platform's closing lines: <c>failed: 0</c>, <c>succeeded: 20</c>, <c>skipped: 0</c>.</summary>
    private static partial class Summary
    {
        public static Counts? Read(string line, Counts? counts)
        {
            if (Line().Match(line) is not { Success: true } match)
                return counts;
            var number = int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
            counts ??= new(0, 0, 0);
            return match.Groups[1].Value switch
            {
                "failed" => counts with { Failed = number },
                "succeeded" => counts with { Passed = number },
                _ => counts with { Skipped = number },
            };
        }

        [GeneratedRegex("^  (failed|succeeded|skipped): ([0-9]+)$")]
        private static partial Regex Line();
    }
}
