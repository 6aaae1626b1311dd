namespace Platform.Gateway.Telemetry;

/// <summary>
/// Names of meters, spans, instruments and attributes. Those that begin with <c>gen_ai</c> are OpenTelemetry's semantic
/// conventions for generative AI, which are still in development: they change here only.
/// </summary>
internal static class TelemetryNames
{
    /// <summary>The meter and the activity source.</summary>
    public const string Source = "Platform.Gateway";

    /// <summary>MassTransit's own.</summary>
    public const string Bus = "MassTransit";

    public const string ServerDuration = "gen_ai.server.request.duration";
    public const string TimeToFirstToken = "gen_ai.server.time_to_first_token";
    public const string TimePerOutputToken = "gen_ai.server.time_per_output_token";
    public const string TokenUsage = "gen_ai.client.token.usage";
    public const string OperationName = "gen_ai.operation.name";
    public const string Provider = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string ResponseModel = "gen_ai.response.model";
    public const string TokenType = "gen_ai.token.type";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string ErrorType = "error.type";

    /// <summary>The id that the caller gave the request.</summary>
    public const string CallerRequestId = "gateway.caller_request_id";

    public const string QueueDuration = "gateway.request.queue.duration";
    public const string Tenant = "gateway.tenant";
    public const string Pool = "gateway.pool";
    public const string Endpoint = "gateway.endpoint";
    public const string RequestId = "gateway.request.id";
    public const string Try = "gateway.try";
    public const string Outcome = "gateway.outcome";

    public const string Rejected = "gateway.requests.rejected";
    public const string Retries = "gateway.upstream.retries";
    public const string Fallbacks = "gateway.upstream.fallbacks";
    public const string Hedges = "gateway.upstream.hedges";
    public const string Unmetered = "gateway.requests.unmetered";
    public const string InFlight = "gateway.requests.in_flight";
    public const string RejectCode = "gateway.error.code";
    public const string Reason = "gateway.reason";

    public const string KeptLookups = "gateway.kept.lookups";
    public const string KeptDropped = "gateway.kept.dropped";
    public const string KeptCount = "gateway.kept.count";
    public const string KeptBytes = "gateway.kept.size";
    public const string KeptKind = "gateway.kept.kind";
    public const string KeptResult = "gateway.kept.result";

    public const string JournalRecords = "gateway.journal.records";
    public const string JournalConfirmed = "gateway.journal.confirmed";
    public const string JournalUnconfirmedBytes = "gateway.journal.unconfirmed.size";
    public const string ConfigRevision = "gateway.config.revision";
    public const string ConfigRejected = "gateway.config.rejected";
}
