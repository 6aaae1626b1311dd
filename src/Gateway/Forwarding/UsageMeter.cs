using Platform.Contracts.Usage;
using Platform.Gateway.Answers;
using Platform.Gateway.Enrolment;
using Platform.Gateway.Metering;
using Platform.Gateway.Telemetry;

namespace Platform.Gateway.Forwarding;

/// <summary>Makes an exchange's usage record and sees it into the journal.</summary>
internal sealed class UsageMeter(Journal journal, Agent agent, TimeProvider time, GatewayMetrics metrics, ILogger<UsageMeter> logger)
{
    /// <summary>True once the record is durable. Asked again, it does nothing.</summary>
    /// <param name="status">What the caller gets, or 499.</param>
    public async Task<bool> TryCommitAsync(Exchange exchange, int status, string? errorCode)
    {
        if (exchange.IsRecorded)
            return true;
        exchange.IsRecorded = true;
        exchange.EndTry(errorCode, time.GetElapsedTime(exchange.DispatchedAt));
        return await TryAppendAsync(exchange, RecordOf(exchange, status, errorCode));
    }

    /// <summary>The same, for an answer that was made for another request and is given again: nothing was sent anywhere.</summary>
    public Task<bool> TryCommitCachedAsync(Exchange exchange, UsageRecord original)
    {
        exchange.IsRecorded = true;
        var now = MillisecondsTo(exchange, time.GetTimestamp());
        return TryAppendAsync(exchange, original with
        {
            Id = exchange.Arrival.Id,
            Sequence = 0,
            StartedAt = exchange.Arrival.StartedAt,
            ProjectId = exchange.Caller.ProjectId,
            QueueMs = 0,
            FirstTokenMs = now,
            TotalMs = now,
            Tries = 0,
            Attempts = null,
            Cached = true,
            ConfigRevision = exchange.Caller.Snapshot.Revision,
        });
    }

    /// <summary>Of the last try.</summary>
    public RequestSeries SeriesOf(Exchange exchange)
    {
        var pool = exchange.Leg.Destination.Pool;
        return metrics.SeriesOf(exchange.Operation.Name, pool.Engine.Name, exchange.Caller.Tenant.Slug, exchange.Model.Name.Value, pool.Id);
    }

    private async Task<bool> TryAppendAsync(Exchange exchange, UsageRecord record)
    {
        try
        {
            await journal.AppendAsync(record);
            exchange.Record = record;
            exchange.Copy?.Record = record;
            exchange.Quotas?.Settle(record);
            metrics.Record(record, SeriesOf(exchange, record));
            return true;
        }
        catch (Exception e)
        {
            metrics.Unmetered();
            Log.Unmetered(logger, e, record.Id);
            return false;
        }
    }

    /// <summary>An answer that is given again was made in a pool that may have gone.</summary>
    private RequestSeries SeriesOf(Exchange exchange, UsageRecord record)
    {
        if (!record.Cached)
            return SeriesOf(exchange);
        var engine = exchange.Caller.Snapshot.Pools.TryGetValue(record.PoolId, out var pool) ? pool.Engine.Name : BoundedNames.Other;
        return metrics.SeriesOf(record.Operation, engine, exchange.Caller.Tenant.Slug, exchange.Model.Name.Value, record.PoolId);
    }

    private UsageRecord RecordOf(Exchange exchange, int status, string? errorCode)
    {
        var enrolled = agent.Current ?? throw new InvalidOperationException("A request was dispatched before enrolment.");
        var destination = exchange.Leg.Destination;
        var (usage, source) = UsageOf(exchange);
        return new()
        {
            Id = exchange.Arrival.Id,
            AgentId = enrolled.Id,
            BootId = agent.Boot,
            StartedAt = exchange.Arrival.StartedAt,
            TenantId = exchange.Caller.Tenant.Id,
            ProjectId = exchange.Caller.ProjectId,
            ApiKeyId = exchange.Caller.KeyId,
            ModelAsked = exchange.Model.Name.Value,
            ModelServed = destination.UpstreamModel,
            PoolId = destination.Pool.Id,
            EndpointId = destination.Endpoint.Id,
            Operation = exchange.Operation.Name,
            Streamed = exchange.Facts.Streamed,
            InputTokens = usage.Input,
            CachedInputTokens = usage.CachedInput,
            CacheWriteTokens = usage.CacheWrite,
            OutputTokens = usage.Output,
            ReasoningTokens = usage.Reasoning,
            AudioTokens = usage.Audio,
            OutputAudioTokens = usage.OutputAudio,
            Images = Math.Min(exchange.Meter.Images, UsageRecord.MaxTokens),
            AudioSeconds = Math.Min(exchange.Meter.AudioSeconds ?? EstimatedSeconds(exchange) ?? 0, UsageRecord.MaxAudioSeconds),
            Characters = exchange.WorkBegan ? exchange.Facts.Characters : 0,
            UsageSource = source,
            Status = status,
            ErrorCode = errorCode,
            FinishReason = exchange.Meter.FinishReason is { } reason && !IsName(reason) ? "other" : exchange.Meter.FinishReason,
            QueueMs = MillisecondsTo(exchange, exchange.DispatchedAt),
            FirstTokenMs = exchange.FirstByteAt is { } first ? MillisecondsTo(exchange, first) : null,
            TotalMs = MillisecondsTo(exchange, time.GetTimestamp()),
            Tries = exchange.Tries,
            Attempts = TriedEndpoint.ToRecord(exchange.Attempts),
            ConfigRevision = exchange.Caller.Snapshot.Revision,
        };
    }

    private static (UsageCount Usage, string Source) UsageOf(Exchange exchange)
    {
        if (exchange.Meter.Usage is { } counted)
            return (counted.Consistent(), exchange.Meter.UsageIsFinal ? UsageSources.Provider : UsageSources.Partial);
        if (!exchange.WorkBegan)
            return (default, UsageSources.Estimated);
        // Who counts images or seconds has no tokens.
        if (exchange.Meter.Images > 0 || exchange.Meter.AudioSeconds is not null)
            return (default, exchange.Meter.UsageIsFinal ? UsageSources.Provider : UsageSources.Partial);
        if (EstimatedSeconds(exchange) is not null)
            return (default, exchange.Meter.IsCut ? UsageSources.Partial : UsageSources.Estimated);
        var input = TokenEstimate.OfText(exchange.Facts.PromptBytes);
        var output = Math.Max(exchange.Meter.TextChunks, TokenEstimate.OfText(exchange.Meter.TextBytes));
        return (new(input, output, 0, 0, 0, 0), exchange.Meter.IsCut ? UsageSources.Partial : UsageSources.Estimated);
    }

    /// <summary>Of sound that was heard and that nobody counted, as its file says.</summary>
    private static double? EstimatedSeconds(Exchange exchange) =>
        exchange.WorkBegan && exchange.Meter.Usage is null ? exchange.Facts.AudioSeconds : null;

    private static bool IsName(string reason) => reason.Length is > 0 and <= 64 && reason.All(c => c is > ' ' and <= '~');

    private double MillisecondsTo(Exchange exchange, long timestamp) =>
        time.GetElapsedTime(exchange.Arrival.Timestamp, timestamp).TotalMilliseconds;
}
