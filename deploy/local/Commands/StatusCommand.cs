using Platform.Local.Processes;

namespace Platform.Local.Commands;

/// <summary><c>./platform status</c>: each process, whether it runs, and where its log is. Exit code 1 when one is missing.</summary>
public static class StatusCommand
{
    public static int Run(Home home)
    {
        var processes = new ProcessTable(home).All();
        if (processes.Count == 0)
        {
            Console.WriteLine("The platform is down. Start it with ./platform up.");
            return 1;
        }
        foreach (var process in processes)
            Console.WriteLine($"{process.Name,-12} {(process.IsAlive() ? "running" : "ENDED"),-8} pid {process.Id,-8} {process.LogFile}");
        return processes.All(p => p.IsAlive()) ? 0 : 1;
    }
}
