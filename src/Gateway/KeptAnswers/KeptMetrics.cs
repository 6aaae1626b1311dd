using System.Diagnostics.Metrics;
using Platform.Gateway.Telemetry;

namespace Platform.Gateway.KeptAnswers;

/// <summary>The instruments of kept answers; every attribute is one of a few words.</summary>
internal sealed class KeptMetrics
{
    public const string Idempotency = "idempotency";
    public const string Cache = "cache";

    private readonly Meter _meter;
    private readonly Counter<long> _lookups;
    private readonly Counter<long> _dropped;

    public KeptMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(TelemetryNames.Source);
        _lookups = _meter.CreateCounter<long>(TelemetryNames.KeptLookups, "{request}", "Requests that asked for a kept answer, by what they found.");
        _dropped = _meter.CreateCounter<long>(TelemetryNames.KeptDropped, "{answer}", "Dropped before their time, for want of room.");
    }

    /// <param name="kind">One of the two above.</param>
    /// <param name="result">One of a few words.</param>
    public void Found(string kind, string result) =>
        _lookups.Add(1, new(TelemetryNames.KeptKind, kind), new(TelemetryNames.KeptResult, result));

    public void Dropped(string kind) => _dropped.Add(1, new KeyValuePair<string, object?>(TelemetryNames.KeptKind, kind));

    public void Observe(string kind, Func<int> count, Func<long> bytes)
    {
        KeyValuePair<string, object?>[] tags = [new(TelemetryNames.KeptKind, kind)];
        _meter.CreateObservableGauge(TelemetryNames.KeptCount, () => new Measurement<int>(count(), tags), "{answer}");
        _meter.CreateObservableGauge(TelemetryNames.KeptBytes, () => new Measurement<long>(bytes(), tags), "By");
    }
}
