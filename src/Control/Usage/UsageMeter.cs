using System.Diagnostics.Metrics;

namespace Platform.Control.Usage;

internal sealed class UsageMeter
{
    public const string Name = "Platform.Control.Usage";

    private readonly Counter<long> _stored;
    private readonly Counter<long> _repeated;
    private readonly Counter<long> _quarantined;
    private readonly Counter<long> _replays;
    private int _openGaps;

    public UsageMeter(IMeterFactory factory)
    {
        var meter = factory.Create(Name);
        _stored = meter.CreateCounter<long>("platform.usage.records.stored", "{record}");
        _repeated = meter.CreateCounter<long>("platform.usage.records.repeated", "{record}");
        _quarantined = meter.CreateCounter<long>("platform.usage.records.quarantined", "{record}");
        _replays = meter.CreateCounter<long>("platform.usage.replays.requested", "{request}");
        meter.CreateObservableGauge("platform.usage.journals.incomplete", () => Volatile.Read(ref _openGaps), "{journal}");
    }

    public void Stored(int stored, int repeated)
    {
        _stored.Add(stored);
        _repeated.Add(repeated);
    }

    public void Quarantined(int records, string reason) => _quarantined.Add(records, new KeyValuePair<string, object?>("reason", reason));

    public void ReplayRequested() => _replays.Add(1);

    public void OpenGaps(int boots) => Volatile.Write(ref _openGaps, boots);
}
