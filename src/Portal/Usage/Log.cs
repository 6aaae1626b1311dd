namespace Platform.Portal.Usage;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "An export broke off")]
    public static partial void ExportBroken(ILogger logger, Exception error);
}
