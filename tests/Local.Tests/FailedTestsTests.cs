using Platform.Local.Commands;

namespace Platform.Local.Tests;

/// <summary>What a run of the tests says last of those that failed.</summary>
public sealed class FailedTestsTests
{
    [Fact]
    public void Each_failed_test_is_told_with_the_head_of_what_it_said_and_no_log_between()
    {
        var failed = new FailedTests();

        Read(failed, ["== Gateway.Tests", "{\"Message\":\"before\"}", "failed A.B.C (1s 20ms)", "  Shouldly said", "{\"Message\":\"between\"}", "    it should be",
            "", "  not of it", "passed A.B.D (1ms)", "  failed: 1"]);

        failed.Lines.ShouldBe(["Gateway.Tests: failed A.B.C (1s 20ms)", "  Shouldly said", "    it should be"]);
    }

    [Fact]
    public void Nothing_is_told_where_nothing_failed()
    {
        var failed = new FailedTests();

        Read(failed, ["Test run summary: Passed!", "  total: 3", "  failed: 0"]);

        failed.Lines.ShouldBeEmpty();
    }

    [Fact]
    public void Long_messages_and_many_failures_are_cut()
    {
        var failed = new FailedTests();

        for (var i = 0; i < 60; i++)
            Read(failed, [$"failed A.T{i} (1ms)", .. Enumerable.Repeat("  " + new string('x', 1000), 20)]);

        failed.Lines.Count().ShouldBe((50 * 9) + 1);
        failed.Lines.ShouldAllBe(l => l.Length < 320);
        failed.Lines.Last().ShouldBe("... and 10 more failed.");
    }

    private static void Read(FailedTests failed, string[] lines)
    {
        foreach (var line in lines)
            failed.Read("Gateway.Tests", line);
    }
}
