using Platform.Local.Processes;

namespace Platform.Local.Commands;

/// <summary><c>./platform logs [NAME]</c>: the last lines of each log, or more of one.</summary>
public static class LogsCommand
{
    public static void Run(Home home, string? name)
    {
        var processes = new ProcessTable(home).All().Where(p => name is null || p.Name == name).ToList();
        if (processes.Count == 0)
            throw new LocalException(name is null ? "Nothing was started here." : $"There is no process '{name}' here; ./platform status lists them.");
        foreach (var process in processes)
        {
            Console.WriteLine($"== {process.Name} ({process.LogFile})");
            Console.WriteLine(process.Tail(name is null ? 10 : 200));
        }
    }
}
