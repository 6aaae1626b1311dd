using System.Diagnostics;

namespace Platform.Local.Processes;

public static class Launcher
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Starts the program in a session of its own, with its output appended to a log that only we can read.
    /// </summary>
    /// <exception cref="LocalException">It could not be started, or ended at once.</exception>
    public static RunningProcess Start(ProcessSpec spec, string logDirectory)
    {
        var log = Path.Combine(logDirectory, spec.Name + ".log");
        using (File.Open(log, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
        }
        var start = new ProcessStartInfo("setsid") { UseShellExecute = false, WorkingDirectory = spec.WorkingDirectory ?? "/" };
        string[] shell = ["sh", "-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", log];
        foreach (var argument in shell.Concat(spec.User?.Wrap(spec.Command) ?? spec.Command))
            start.ArgumentList.Add(argument);
        foreach (var (key, value) in spec.Environment)
            start.Environment[key] = value;
        using var process = Process.Start(start) ?? throw new LocalException($"Cannot start {spec.Name}.");
        return RunningProcess.Find(spec.Name, process.Id, log)
            ?? throw new LocalException($"{spec.Name} ended at once; see {log}.");
    }

    /// <summary>Waits until <paramref name="isReady"/> holds; a process that ends before is an error with its last lines.</summary>
    public static async Task WaitReadyAsync(RunningProcess process, Func<CancellationToken, Task<bool>> isReady, TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < patience)
        {
            using var attempt = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            if (await isReady(attempt.Token))
                return;
            if (!process.IsAlive())
                throw new LocalException($"{process.Name} ended before it was ready. Its last lines:\n{process.Tail()}");
            await Task.Delay(50, CancellationToken.None);
        }
        throw new LocalException(
            $"{process.Name} was not ready within {patience.TotalSeconds:0} s. Its last lines ({process.LogFile}):\n{process.Tail()}");
    }

    /// <summary>True when the address answers 2xx.</summary>
    public static Func<CancellationToken, Task<bool>> Answers(HttpClient http, Uri url) => async cancellation =>
    {
        try
        {
            using var answer = await http.GetAsync(url, cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    };

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="LocalException">It failed; the message holds its last output.</exception>
    public static async Task<string> RunAsync(
        string name, IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null, string? input = null, bool show = false)
    {
        var start = new ProcessStartInfo(command[0])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = !show,
            RedirectStandardError = !show,
        };
        foreach (var argument in command.Skip(1))
            start.ArgumentList.Add(argument);
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;
        using var process = Process.Start(start) ?? throw new LocalException($"Cannot start {name}.");
        var output = show ? Task.FromResult("") : process.StandardOutput.ReadToEndAsync();
        var error = show ? Task.FromResult("") : process.StandardError.ReadToEndAsync();
        if (input is not null)
            await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        if (process.ExitCode == 0)
            return await output;
        var text = ((await output) + (await error)).TrimEnd();
        throw new LocalException($"{name} failed with exit code {process.ExitCode}.\n{string.Join('\n', text.Split('\n').TakeLast(20))}");
    }
}
