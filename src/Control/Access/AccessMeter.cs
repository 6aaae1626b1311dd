using System.Diagnostics.Metrics;

namespace Platform.Control.Access;

internal sealed class AccessMeter
{
    public const string Name = "Platform.Control.Access";

    private readonly Counter<long> _denied;
    private readonly Counter<long> _dropped;

    public AccessMeter(IMeterFactory factory)
    {
        var meter = factory.Create(Name);
        _denied = meter.CreateCounter<long>("platform.access.denied", "{call}");
        _dropped = meter.CreateCounter<long>("platform.access.denials.dropped", "{event}");
    }

    public void Denied() => _denied.Add(1);

    /// <summary>Denials that the audit trail does not have.</summary>
    public void Dropped(int events) => _dropped.Add(events);
}
