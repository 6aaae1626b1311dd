namespace Platform.Control.Identity.Mail;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "A mail could not be handed over, try {Try}; it is tried again in {Delay}")]
    public static partial void TryFailed(this ILogger logger, Exception exception, int @try, TimeSpan delay);

    [LoggerMessage(2, LogLevel.Error, "A mail is lost: after {Tries} tries it is given up")]
    public static partial void GivenUp(this ILogger logger, Exception exception, int tries);

    [LoggerMessage(3, LogLevel.Error, "A mail is lost: {Bound} of its kind are waiting already")]
    public static partial void QueueFull(this ILogger logger, int bound);

    [LoggerMessage(4, LogLevel.Error, "{Count} mails are lost: they had not been handed over when this process ended")]
    public static partial void LeftBehind(this ILogger logger, int count);

    [LoggerMessage(5, LogLevel.Warning, "Neither Email:Host nor Email:Folder is set: no mail can be sent, and nobody can reset a password")]
    public static partial void NoTransport(this ILogger logger);
}
