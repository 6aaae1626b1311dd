using Platform.Contracts.Ids;

namespace Platform.Gateway.Forwarding;

internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Warning, "Request {RequestId}: endpoint {EndpointId} failed with {Code}")]
    public static partial void TryFailed(ILogger logger, RequestId requestId, EndpointId endpointId, string? code);

    [LoggerMessage(501, LogLevel.Critical, "The record of request {RequestId} could not be written")]
    public static partial void Unmetered(ILogger logger, Exception exception, RequestId requestId);
}
