using System.Text.Json;

namespace Platform.Local.Processes;

/// <summary>What this home has started, kept in a file so that a later command finds it. Safe to use from several threads.</summary>
public sealed class ProcessTable(Home home)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Lock _file = new();

    /// <summary>In the order they were started; those that ended on their own are left out.</summary>
    public IReadOnlyList<RunningProcess> Alive() => [.. Read().Where(p => p.IsAlive())];

    public IReadOnlyList<RunningProcess> All() => Read();

    public RunningProcess? Find(string name) => Read().FirstOrDefault(p => p.Name == name && p.IsAlive());

    public void Add(RunningProcess process) => Change(all => [.. all.Where(p => p.Name != process.Name), process]);

    public void Remove(string name) => Change(all => [.. all.Where(p => p.Name != name)]);

    private void Change(Func<List<RunningProcess>, List<RunningProcess>> change)
    {
        lock (_file)
            Home.WriteSecret(home.ProcessFile, JsonSerializer.Serialize(change(Read()), Json));
    }

    // A file is replaced as a whole, so that reading needs no lock.
    private List<RunningProcess> Read() =>
        File.Exists(home.ProcessFile)
            ? JsonSerializer.Deserialize<List<RunningProcess>>(File.ReadAllText(home.ProcessFile), Json) ?? []
            : [];
}
