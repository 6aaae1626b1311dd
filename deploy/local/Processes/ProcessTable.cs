using System.Text.Json;

namespace Platform.Local.Processes;

/// <summary>What this home has started, kept in a file so that a later command finds it.</summary>
public sealed class ProcessTable(Home home)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>In the order they were started; those that ended on their own are left out.</summary>
    public IReadOnlyList<RunningProcess> Alive() => [.. Read().Where(p => p.IsAlive())];

    public IReadOnlyList<RunningProcess> All() => Read();

    public RunningProcess? Find(string name) => Read().FirstOrDefault(p => p.Name == name && p.IsAlive());

    public void Add(RunningProcess process) => Write([.. Read().Where(p => p.Name != process.Name), process]);

    public void Remove(string name) => Write([.. Read().Where(p => p.Name != name)]);

    private List<RunningProcess> Read() =>
        File.Exists(home.ProcessFile)
            ? JsonSerializer.Deserialize<List<RunningProcess>>(File.ReadAllText(home.ProcessFile), Json) ?? []
            : [];

    private void Write(List<RunningProcess> processes) =>
        Home.WriteSecret(home.ProcessFile, JsonSerializer.Serialize(processes, Json));
}
