namespace Platform.Gateway.Life;

internal static partial class Log
{
    [LoggerMessage(700, LogLevel.Information, "The agent leaves: notice of {NoticeSeconds} s, then running requests have {DrainSeconds} s")]
    public static partial void Draining(ILogger logger, int noticeSeconds, int drainSeconds);
}
