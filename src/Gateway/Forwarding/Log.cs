using Platform.Contracts.Ids;

namespace Platform.Gateway.Forwarding;

internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Warning, "Request {RequestId}: try {Try} at endpoint {EndpointId} of pool {PoolId} failed with {Code} after {Milliseconds} ms")]
    public static partial void TryFailed(ILogger logger, RequestId requestId, int @try, EndpointId endpointId, PoolId poolId, string? code, double milliseconds);

    [LoggerMessage(502, LogLevel.Debug, "Request {RequestId}: try {Try} at endpoint {EndpointId} of pool {PoolId} ended with {Code} after {Milliseconds} ms")]
    public static partial void TryEnded(ILogger logger, RequestId requestId, int @try, EndpointId endpointId, PoolId poolId, string? code, double milliseconds);

    [LoggerMessage(503, LogLevel.Warning, "Request {RequestId}: no further try, too many requests are retried")]
    public static partial void RetriesSpent(ILogger logger, RequestId requestId);

    [LoggerMessage(501, LogLevel.Critical, "The record of request {RequestId} could not be written")]
    public static partial void Unmetered(ILogger logger, Exception exception, RequestId requestId);
}
