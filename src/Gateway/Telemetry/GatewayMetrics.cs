using System.Diagnostics;
using System.Diagnostics.Metrics;
using Platform.Contracts.Usage;

namespace Platform.Gateway.Telemetry;

/// <summary>The gateway's instruments. Attributes are bounded: model names come from configuration, never from callers.</summary>
internal sealed class GatewayMetrics
{
    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstToken;
    private readonly Histogram<long> _tokens;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _unmetered;
    private readonly Counter<long> _journalled;
    private readonly Counter<long> _confirmed;
    private readonly UpDownCounter<long> _inFlight;

    public GatewayMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(TelemetryNames.Source);
        _duration = _meter.CreateHistogram<double>(TelemetryNames.ServerDuration, "s");
        _firstToken = _meter.CreateHistogram<double>(TelemetryNames.TimeToFirstToken, "s");
        _tokens = _meter.CreateHistogram<long>(TelemetryNames.TokenUsage, "{token}");
        _rejected = _meter.CreateCounter<long>(TelemetryNames.Rejected, "{request}", "Refused before dispatch.");
        _retries = _meter.CreateCounter<long>(TelemetryNames.Retries, "{try}", "Second and later tries.");
        _unmetered = _meter.CreateCounter<long>(TelemetryNames.Unmetered, "{request}", "Dispatched without a record; must stay 0.");
        _journalled = _meter.CreateCounter<long>(TelemetryNames.JournalRecords, "{record}");
        _confirmed = _meter.CreateCounter<long>(TelemetryNames.JournalConfirmed, "{record}");
        _inFlight = _meter.CreateUpDownCounter<long>(TelemetryNames.InFlight, "{request}");
    }

    public void Rejected(string reason, string code) => _rejected.Add(1, new(TelemetryNames.Reason, reason), new(TelemetryNames.RejectCode, code));

    public void Retried() => _retries.Add(1);

    public void Unmetered() => _unmetered.Add(1);

    public void Journalled(int records) => _journalled.Add(records);

    public void Confirmed(int records) => _confirmed.Add(records);

    public void Started() => _inFlight.Add(1);

    public void Ended() => _inFlight.Add(-1);

    public void Observe<T>(string name, string unit, Func<T> value)
        where T : struct => _meter.CreateObservableGauge(name, value, unit);

    /// <summary>Duration, time to first token and token counts of a request that has its record.</summary>
    public void Record(UsageRecord record)
    {
        KeyValuePair<string, object?> operation = new(TelemetryNames.OperationName, record.Operation);
        KeyValuePair<string, object?> model = new(TelemetryNames.RequestModel, record.ModelAsked);
        _duration.Record(record.TotalMs / 1000, operation, model, new(TelemetryNames.ErrorType, record.ErrorCode));
        if (record.FirstTokenMs is { } first)
            _firstToken.Record(first / 1000, operation, model);
        _tokens.Record(record.InputTokens, operation, model, new(TelemetryNames.TokenType, "input"));
        _tokens.Record(record.OutputTokens, operation, model, new(TelemetryNames.TokenType, "output"));
    }

    /// <summary>Puts on the request's own span what it was.</summary>
    public static void Tag(Activity? span, UsageRecord record) => span?
        .SetTag(TelemetryNames.OperationName, record.Operation)
        .SetTag(TelemetryNames.RequestModel, record.ModelAsked)
        .SetTag(TelemetryNames.ResponseModel, record.ModelServed)
        .SetTag(TelemetryNames.InputTokens, record.InputTokens)
        .SetTag(TelemetryNames.OutputTokens, record.OutputTokens)
        .SetTag(TelemetryNames.FinishReasons, record.FinishReason is { } reason ? new[] { reason } : null);
}
