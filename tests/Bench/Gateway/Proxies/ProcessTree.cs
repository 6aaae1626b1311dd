using System.Globalization;
using Platform.Bench.Figures;

namespace Platform.Bench.Gateway.Proxies;

/// <summary>A process with all below it: nginx works in others than the one that was started.</summary>
internal sealed class ProcessTree(int root)
{
    public TimeSpan ProcessorTime() => Members().Aggregate(TimeSpan.Zero, (sum, id) => sum + Figures.ProcessorTime.Of(id));

    public double ResidentMegabytes() => Members().Sum(id => ProcFile.Megabytes($"/proc/{id}/status", "VmRSS"));

    private List<int> Members()
    {
        var parents = Parents();
        List<int> members = [root];
        for (var i = 0; i < members.Count; i++)
            members.AddRange(parents.Where(p => p.Parent == members[i]).Select(p => p.Id));
        return members;
    }

    private static List<(int Id, int Parent)> Parents()
    {
        var parents = new List<(int Id, int Parent)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && ParentOf(id) is { } parent)
                parents.Add((id, parent));
        }
        return parents;
    }

    /// <summary>Null where the process is gone.</summary>
    private static int? ParentOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
