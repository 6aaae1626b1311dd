using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;

namespace Platform.GpuWorker.Tests.Running;

/// <summary>The program itself, as a process.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task It_says_that_it_is_a_simulator_and_where_it_listens_and_a_crash_ends_it()
    {
        var portFile = Path.Combine(Path.GetTempPath(), $"gpuworker-{Guid.NewGuid():N}.port");
        var log = portFile + ".log";
        using var process = Start("--port", "0", "--port-file", portFile, "--log", log);
        try
        {
            var lines = new List<string>();
            while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                lines.Add(line);
                if (line.StartsWith("listening on ", StringComparison.Ordinal))
                    break;
            }
            lines[0].ShouldContain("SIMULATOR");
            await Worker.UntilAsync(() => Task.FromResult(File.Exists(portFile)), "the port file");
            var port = int.Parse(await File.ReadAllTextAsync(portFile, TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
            lines[^1].ShouldBe($"listening on http://127.0.0.1:{port}");
            using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
            await client.PostAsJsonAsync("/faults", new { mode = "crash" }, TestContext.Current.CancellationToken);
            process.HasExited.ShouldBeFalse();
            await Should.ThrowAsync<HttpRequestException>(() => client.PostAsJsonAsync(
                "/v1/chat/completions", new { model = "simulated-model", messages = new[] { new { role = "user", content = "x" } } }, TestContext.Current.CancellationToken));
            await ExitAsync(process);
            process.ExitCode.ShouldNotBe(0);
            LogLine.Parse((await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken)).ShouldHaveSingleItem()).Outcome.ShouldBe("accepted");
        }
        finally
        {
            process.Kill();
            File.Delete(portFile);
            File.Delete(log);
        }
    }

    [Fact]
    public async Task An_unknown_option_is_named_and_ends_it_with_2()
    {
        using var process = Start("--prot", "1");
        await ExitAsync(process);
        process.ExitCode.ShouldBe(2);
        (await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldContain("unknown option '--prot'");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_and_ends_it_with_1()
    {
        await using var worker = await Worker.StartAsync();
        var port = worker.Client.BaseAddress!.Port;
        using var process = Start("--port", port.ToString(CultureInfo.InvariantCulture));
        await ExitAsync(process);
        process.ExitCode.ShouldBe(1);
        (await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldContain($"127.0.0.1:{port}");
    }

    [Fact]
    public async Task Help_is_printed_and_ends_it_with_0()
    {
        using var process = Start("--help");
        (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldContain("--time-scale");
        await ExitAsync(process);
        process.ExitCode.ShouldBe(0);
    }

    private static Process Start(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Platform.GpuWorker.dll");
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException("The worker did not start.");
    }

    private static async Task ExitAsync(Process process) =>
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
}
