using Platform.Contracts.Ids;

namespace Platform.Gateway.AccessLog;

internal static partial class Log
{
    [LoggerMessage(600, LogLevel.Information,
        "{RequestId} {CallerRequestId} {Method} {Route} {Status} {ErrorCode} tenant {Tenant} key {KeyId} model {Model} pool {PoolId} endpoint {EndpointId} operation {Operation} "
        + "streamed {Streamed} tokens {InputTokens} {OutputTokens} {UsageSource} tries {Tries} ms {QueueMs} {FirstTokenMs} {TotalMs} bytes {BytesOut} from {Address}",
        SkipEnabledCheck = true)]
    public static partial void Request(
        ILogger logger, RequestId? requestId, string? callerRequestId, string method, string? route, int status, string? errorCode,
        string? tenant, ApiKeyId? keyId, string? model, PoolId? poolId, EndpointId? endpointId, string? operation,
        bool? streamed, long? inputTokens, long? outputTokens, string? usageSource, int tries,
        double? queueMs, double? firstTokenMs, double? totalMs, long bytesOut, string? address);

    [LoggerMessage(601, LogLevel.Information, "{Count} requests of callers who are not known have no line")]
    public static partial void StrangersLeftOut(ILogger logger, long count);

    [LoggerMessage(602, LogLevel.Information, "{Count} requests of callers who are known have no line")]
    public static partial void KnownLeftOut(ILogger logger, long count);
}
