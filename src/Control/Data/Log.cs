namespace Platform.Control.Data;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Old idempotency keys could not be forgotten; the next hour tries again.")]
    public static partial void PruningFailed(this ILogger logger, Exception exception);
}
