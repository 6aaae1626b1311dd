using System.Diagnostics.Metrics;

namespace Platform.Control.Delivery;

internal sealed class DeliveryMeter
{
    public const string Name = "Platform.Control.Delivery";

    private readonly Counter<long> _changes;
    private readonly Counter<long> _resources;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _compiled;
    private readonly Histogram<long> _catchUps;

    public DeliveryMeter(IMeterFactory factory)
    {
        var meter = factory.Create(Name);
        _changes = meter.CreateCounter<long>("platform.config.changes.published", "{message}");
        _resources = meter.CreateCounter<long>("platform.config.resources.published", "{resource}");
        _failures = meter.CreateCounter<long>("platform.config.publish.failures", "{message}");
        _compiled = meter.CreateCounter<long>("platform.config.resources.compiled", "{resource}");
        _catchUps = meter.CreateHistogram<long>("platform.config.catchup.resources", "{resource}");
    }

    public void Published(int resources)
    {
        _changes.Add(1);
        _resources.Add(resources);
    }

    public void PublishFailed() => _failures.Add(1);

    public void Compiled(int resources) => _compiled.Add(resources);

    public void CaughtUp(long resources, bool full) => _catchUps.Record(resources, new KeyValuePair<string, object?>("full", full));
}
