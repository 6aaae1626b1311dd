using System.Diagnostics;
using System.Globalization;

namespace Platform.Local.Processes;

/// <summary>
/// A process started earlier, told from a later one with the same id by its start time (<c>/proc/PID/stat</c>, field 22:
/// clock ticks after boot).
/// </summary>
public sealed record RunningProcess(string Name, int Id, ulong StartTicks, string LogFile)
{
    public bool IsAlive() => ReadStat(Id) is { } stat && stat.Ticks == StartTicks && stat.State is not ('Z' or 'X');

    public static RunningProcess? Find(string name, int id, string logFile) =>
        ReadStat(id) is { } stat ? new(name, id, stat.Ticks, logFile) : null;

    /// <summary>Sends the signal to this process only.</summary>
    public void Signal(string signal)
    {
        if (!IsAlive())
            return;
        // The shell's own: a minimal Debian has no kill program.
        using var kill = Process.Start("sh", ["-c", "kill -\"$0\" \"$1\"", signal, Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>TERM, then KILL when it is not gone in time.</summary>
    /// <returns>False when it had to be killed.</returns>
    public async Task<bool> StopAsync(TimeSpan patience, string signal = "TERM")
    {
        Signal(signal);
        if (await GoneAsync(patience))
            return true;
        Signal("KILL");
        await GoneAsync(TimeSpan.FromSeconds(10));
        return false;
    }

    /// <summary>The last lines that it printed, for an error message.</summary>
    public string Tail(int lines = 15) =>
        File.Exists(LogFile) ? string.Join('\n', File.ReadLines(LogFile).TakeLast(lines)) : "(no log)";

    private async Task<bool> GoneAsync(TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        while (IsAlive())
        {
            if (clock.Elapsed > patience)
                return false;
            await Task.Delay(20);
        }
        return true;
    }

    private static (char State, ulong Ticks)? ReadStat(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], ulong.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
