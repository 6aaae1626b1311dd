using Platform.Contracts.Ids;

namespace Platform.Gateway.Errors;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "Request {RequestId} (its caller says {CallerRequestId}) failed unexpectedly")]
    public static partial void Unexpected(ILogger logger, Exception exception, RequestId requestId, string? callerRequestId);

    [LoggerMessage(2, LogLevel.Debug, "The caller of request {RequestId} left")]
    public static partial void CallerLeft(ILogger logger, RequestId requestId);
}
