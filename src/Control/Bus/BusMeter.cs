using System.Diagnostics.Metrics;

namespace Platform.Control.Bus;

internal sealed class BusMeter
{
    public const string Name = "Platform.Control.Bus";

    private readonly Counter<long> _failures;

    public BusMeter(IMeterFactory factory) =>
        _failures = factory.Create(Name).CreateCounter<long>("platform.bus.handling.failures", "{attempt}");

    public void Failed() => _failures.Add(1);
}
