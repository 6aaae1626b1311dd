namespace Platform.Control.Api;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "The database does not answer; the request gets 503.")]
    public static partial void DatabaseDown(ILogger logger, Exception exception);
}
