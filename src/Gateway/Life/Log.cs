namespace Platform.Gateway.Life;

internal static partial class Log
{
    [LoggerMessage(700, LogLevel.Information, "The agent leaves: notice of {NoticeSeconds} s, then running requests have {DrainSeconds} s")]
    public static partial void Draining(ILogger logger, int noticeSeconds, int drainSeconds);

    [LoggerMessage(701, LogLevel.Information, "{Files} changed and is in force")]
    public static partial void Reloaded(ILogger logger, string files);

    [LoggerMessage(702, LogLevel.Error, "{Files} changed and cannot be used; what was in force stays")]
    public static partial void NotReloaded(ILogger logger, Exception exception, string files);
}
