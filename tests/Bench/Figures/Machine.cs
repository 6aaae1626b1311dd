using System.Diagnostics;
using System.Globalization;
using Platform.Local;
using Platform.Local.Processes;

namespace Platform.Bench.Figures;

/// <summary>What a run was measured on.</summary>
internal static class Machine
{
    public static string Describe()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
        var kilobytes = ProcFile.Kilobytes("/proc/meminfo", "MemTotal");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{model ?? "unknown processor"}, {Environment.ProcessorCount} cores, {kilobytes / (1024.0 * 1024):0} GiB, {Environment.OSVersion}");
    }

    /// <summary>Processes that wanted a core, over the last minute: on a shared machine others' count too.</summary>
    public static double LoadAverage() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>
    /// How much longer work of one thread takes than the processor time that it uses: 1 where the machine is ours alone,
    /// more where others want its cores. Takes 50 ms of processor time.
    /// </summary>
    public static double Slowdown()
    {
        var (clock, before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        TimeSpan used;
        do
        {
            Thread.SpinWait(1000);
            used = Environment.CpuUsage.TotalTime - before;
        }
        while (used < TimeSpan.FromMilliseconds(50));
        return Math.Max(1, Stopwatch.GetElapsedTime(clock) / used);
    }

    /// <summary>The checkout's commit, <c>unknown</c> where there is no git.</summary>
    public static async Task<string> CommitAsync(string repository)
    {
        try
        {
            var commit = (await Launcher.RunAsync("git", ["git", "-C", repository, "rev-parse", "HEAD"])).Trim();
            var changes = await Launcher.RunAsync("git", ["git", "-C", repository, "status", "--porcelain", "--untracked-files=no"]);
            return changes.Trim().Length > 0 ? commit + "-dirty" : commit;
        }
        catch (Exception e) when (e is LocalException or System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }
}

/// <summary>Files of <c>/proc</c> whose lines are <c>Name:  123 kB</c>.</summary>
internal static class ProcFile
{
    public static long Kilobytes(string path, string name)
    {
        var line = File.ReadLines(path).First(l => l.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    public static double Megabytes(string path, string name) => Kilobytes(path, name) / 1024.0;
}

/// <summary>Processor time of another process.</summary>
internal static class ProcessorTime
{
    /// <summary>User and system time, <c>/proc/PID/stat</c> fields 14 and 15, in hundredths of a second.</summary>
    public static TimeSpan Of(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0);
    }
}
