using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Platform.Architecture.Tests;

/// <summary>What is committed speaks of the product alone.</summary>
public sealed partial class LanguageTests
{
    [Fact]
    public void No_committed_file_names_a_path_of_one_machine()
    {
        var offenders = Tracked()
            .Where(f => !f.EndsWith(nameof(LanguageTests) + ".cs", StringComparison.Ordinal) && File.Exists(f) && new FileInfo(f).Length < 1 << 20)
            .SelectMany(f => MachinePath().Matches(File.ReadAllText(f)).Select(m => $"{f}: {m.Value}"));

        offenders.ShouldBeEmpty();
    }

    private static IEnumerable<string> Tracked()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "-z"]) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true })!;
        var files = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        git.ExitCode.ShouldBe(0);
        return files.Select(f => Path.Combine(Repository.Root, f));
    }

    [GeneratedRegex("[\"' (]/(?:work|home/[a-z]+|root)/[a-z]")]
    private static partial Regex MachinePath();
}
