using System.Diagnostics;
using System.Diagnostics.Metrics;
using Platform.Contracts.Ids;
using Platform.Contracts.Usage;

namespace Platform.Gateway.Telemetry;

/// <summary>The gateway's instruments. Attributes are bounded: model names come from configuration, never from callers.</summary>
internal sealed class GatewayMetrics
{
    /// <summary>Codes of ours are some dozens; an endpoint may say others.</summary>
    private const int MaxErrorCodes = 100;

    private const int MaxErrorCodeLength = 64;

    private readonly SeriesTable _series;
    private readonly BoundedNames _errors = new(MaxErrorCodes);
    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _queue;
    private readonly Histogram<double> _firstToken;
    private readonly Histogram<double> _outputToken;
    private readonly Histogram<long> _tokens;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _fallbacks;
    private readonly Counter<long> _hedges;
    private readonly Counter<long> _unmetered;
    private readonly Counter<long> _journalled;
    private readonly Counter<long> _confirmed;
    private readonly UpDownCounter<long> _inFlight;

    public GatewayMetrics(IMeterFactory factory, SeriesTable series)
    {
        _series = series;
        _meter = factory.Create(TelemetryNames.Source);
        _duration = _meter.CreateHistogram(TelemetryNames.ServerDuration, "s", "From arrival to the end.", null, Buckets.Durations);
        _queue = _meter.CreateHistogram(TelemetryNames.QueueDuration, "s", "From arrival to the last dispatch.", null, Buckets.FirstTokens);
        _firstToken = _meter.CreateHistogram(TelemetryNames.TimeToFirstToken, "s", "From arrival to a stream's first byte.", null, Buckets.FirstTokens);
        _outputToken = _meter.CreateHistogram(TelemetryNames.TimePerOutputToken, "s", "For each of a stream's tokens after its first.", null, Buckets.OutputTokens);
        _tokens = _meter.CreateHistogram(TelemetryNames.TokenUsage, "{token}", "Tokens of a request, by type.", null, Buckets.Tokens);
        _rejected = _meter.CreateCounter<long>(TelemetryNames.Rejected, "{request}", "Refused before dispatch.");
        _retries = _meter.CreateCounter<long>(TelemetryNames.Retries, "{try}", "Second and later tries, by what the one before ended with.");
        _fallbacks = _meter.CreateCounter<long>(TelemetryNames.Fallbacks, "{try}", "Tries in another pool than the one before.");
        _hedges = _meter.CreateCounter<long>(TelemetryNames.Hedges, "{try}", "Tries that began beside one that was silent.");
        _unmetered = _meter.CreateCounter<long>(TelemetryNames.Unmetered, "{request}", "Dispatched without a record; must stay 0.");
        _journalled = _meter.CreateCounter<long>(TelemetryNames.JournalRecords, "{record}");
        _confirmed = _meter.CreateCounter<long>(TelemetryNames.JournalConfirmed, "{record}");
        _inFlight = _meter.CreateUpDownCounter<long>(TelemetryNames.InFlight, "{request}");
    }

    /// <param name="tenant">Its slug; null where the caller is not known.</param>
    public void Rejected(string reason, string code, string? tenant = null)
    {
        if (!_rejected.Enabled)
            return;
        var tags = new TagList { { TelemetryNames.Reason, reason }, { TelemetryNames.RejectCode, Bounded(code) } };
        if (tenant is not null)
            tags.Add(TelemetryNames.Tenant, _series.TenantOf(tenant));
        _rejected.Add(1, tags);
    }

    /// <summary>What a request's measurements are told apart by while it goes to this pool.</summary>
    public RequestSeries SeriesOf(string operation, string engine, string tenant, string model, PoolId pool) =>
        _series.Of(operation, engine, tenant, model, pool);

    /// <param name="series">Of the try before.</param>
    /// <param name="error">What it ended with.</param>
    public void Retried(RequestSeries series, string? error) => _retries.Add(1, WithError(series, error));

    /// <param name="series">Of the try before.</param>
    public void FellBack(RequestSeries series, string? error) => _fallbacks.Add(1, WithError(series, error));

    /// <param name="series">Of the try that is silent.</param>
    public void Hedged(RequestSeries series) => _hedges.Add(1, series.Tags);

    public void Unmetered() => _unmetered.Add(1);

    public void Journalled(int records) => _journalled.Add(records);

    public void Confirmed(int records) => _confirmed.Add(records);

    public void Started() => _inFlight.Add(1);

    public void Ended() => _inFlight.Add(-1);

    public void Observe<T>(string name, string unit, Func<T> value)
        where T : struct => _meter.CreateObservableGauge(name, value, unit);

    /// <summary>
    /// Times and token counts of a request that has its record. The times of tokens are those of streams: of an answer that
    /// comes whole nobody knows when a token was made. For one that is given again nothing was sent, and no token made.
    /// </summary>
    public void Record(UsageRecord record, RequestSeries series)
    {
        if (record.ErrorCode is null)
            _duration.Record(record.TotalMs / 1000, series.Tags);
        else if (_duration.Enabled)
            _duration.Record(record.TotalMs / 1000, WithError(series, record.ErrorCode));
        if (record.Cached)
            return;
        _queue.Record(record.QueueMs / 1000, series.Tags);
        if (record is { Streamed: true, FirstTokenMs: { } first })
        {
            _firstToken.Record(first / 1000, series.Tags);
            if (record is { ErrorCode: null, OutputTokens: > 1 })
                _outputToken.Record((record.TotalMs - first) / 1000 / (record.OutputTokens - 1), series.Tags);
        }
        if (record.InputTokens > 0)
            _tokens.Record(record.InputTokens, series.InputTags);
        if (record.OutputTokens > 0)
            _tokens.Record(record.OutputTokens, series.OutputTags);
    }

    private TagList WithError(RequestSeries series, string? code)
    {
        var tags = new TagList(series.Tags);
        if (code is not null)
            tags.Add(TelemetryNames.ErrorType, Bounded(code));
        return tags;
    }

    private string Bounded(string code) => code.Length > MaxErrorCodeLength ? BoundedNames.Other : _errors.Of(code);
}
