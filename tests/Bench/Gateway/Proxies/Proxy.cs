using Platform.Local.Processes;

namespace Platform.Bench.Gateway.Proxies;

/// <summary>Something that runs and passes requests on.</summary>
/// <param name="Headers">What every request through it carries besides.</param>
internal sealed record Proxy(string Name, int Port, RunningProcess Process, IReadOnlyList<string> Headers)
{
    public ProcessTree Tree => new(Process.Id);
}
