namespace Platform.Portal.Layout;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "Refreshing a page failed")]
    public static partial void PollFailed(ILogger logger, Exception error);
}
