using System.Collections.Concurrent;

namespace Platform.Gateway.Telemetry;

/// <summary>Values of one attribute: those that come first are themselves, all beyond the limit are one.</summary>
internal sealed class BoundedNames(int limit)
{
    /// <summary>As OpenTelemetry calls what has no name of its own; no slug, model or code is written so.</summary>
    public const string Other = "_OTHER";

    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);
    private readonly Lock _adding = new();
    private int _count;

    public string Of(string name)
    {
        if (_names.ContainsKey(name))
            return name;
        if (Volatile.Read(ref _count) >= limit)
            return Other;
        lock (_adding)
        {
            if (_count < limit && _names.TryAdd(name, true))
                _count++;
            return _names.ContainsKey(name) ? name : Other;
        }
    }
}
