using System.Text.RegularExpressions;

namespace Platform.Architecture.Tests;

public sealed partial class SourceTests
{
    private static readonly string[] Product = ["src", "migrations", "deploy", "tests/GpuWorker"];
    private static readonly string[] All = ["src", "migrations", "deploy", "tests", "e2e"];

    [Fact]
    public void No_thread_waits_for_a_task() => Offenders(Product, SyncOverAsync()).ShouldBeEmpty();

    [Fact]
    public void Nothing_is_async_void() => Offenders(All, AsyncVoid()).ShouldBeEmpty();

    [Fact]
    public void Logs_are_written_by_generated_methods_only() => Offenders(["src"], DirectLog()).ShouldBeEmpty();

    [Fact]
    public void Time_comes_from_a_time_provider() => Offenders(["src"], WallClock()).ShouldBeEmpty();

    [Fact]
    public void No_exception_is_swallowed_in_silence() => Offenders(Product, EmptyCatch()).ShouldBeEmpty();

    [Fact]
    public void No_test_is_switched_off() => Offenders(["tests", "e2e"], Skipped()).ShouldBeEmpty();

    [Fact]
    public void No_file_is_longer_than_300_lines() =>
        Repository.Sources(All).Where(s => s.Text.AsSpan().Count('\n') > 300).Select(s => s.Path).ShouldBeEmpty();

    [Fact]
    public void A_decision_has_its_number_and_its_five_parts()
    {
        var records = Directory.GetFiles(Path.Combine(Repository.Root, "docs/decisions"), "*.md");

        records.ShouldNotBeEmpty();
        foreach (var record in records)
        {
            Path.GetFileName(record).ShouldMatch("^[0-9]{4}-[a-z0-9-]+\\.md$");
            var text = File.ReadAllText(record);
            foreach (var part in new[] { "Status", "Context", "Options", "Decision", "Consequences" })
                text.ShouldContain(part, Case.Sensitive, record);
        }
    }

    private static IEnumerable<string> Offenders(string[] folders, Regex pattern) =>
        from source in Repository.Sources(folders)
        where !source.Path.EndsWith(nameof(SourceTests) + ".cs", StringComparison.Ordinal)
        from match in pattern.Matches(source.Text)
        select $"{source.Path}:{source.Text.AsSpan(0, match.Index).Count('\n') + 1}: {match.Value.Trim()}";

    [GeneratedRegex(@"\.GetAwaiter\(\)\.GetResult\(\)|\.Wait\(\)|(?:Task|Async\([^()]*\))\.Result\b")]
    private static partial Regex SyncOverAsync();

    [GeneratedRegex(@"\basync void\b")]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"\.Log(?:Trace|Debug|Information|Warning|Error|Critical)?\(\s*(?:LogLevel|\$?"")")]
    private static partial Regex DirectLog();

    [GeneratedRegex(@"\bDateTime(?:Offset)?\.(?:Utc)?Now\b")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"catch(?!\s*\(OperationCanceledException)\s*(?:\([^)]*\))?\s*(?:when\s*\([^{]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"\bSkip\s*=|Assert\.True\(true\)|\bExplicit\s*=\s*true")]
    private static partial Regex Skipped();
}
