namespace Platform.Portal.Session;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The authority did not answer")]
    public static partial void AuthorityUnreachable(ILogger logger, Exception error);

    [LoggerMessage(2, LogLevel.Information, "The authority refused a refresh with status {Status}")]
    public static partial void RefreshRefused(ILogger logger, int status);

    [LoggerMessage(5, LogLevel.Information, "The authority refused an exchange with status {Status}")]
    public static partial void ExchangeRefused(ILogger logger, int status);

    [LoggerMessage(3, LogLevel.Debug, "A session's tokens were refreshed")]
    public static partial void Refreshed(ILogger logger);

    [LoggerMessage(4, LogLevel.Warning, "A sign-in failed: {Reason}")]
    public static partial void SignInFailed(ILogger logger, string reason, Exception? error);
}
