namespace Platform.Control.Bus;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Handling an agent's message failed {Attempts} times and is tried again; the message stays in its queue")]
    public static partial void HandlingFailed(this ILogger logger, Exception e, int attempts);

    [LoggerMessage(2, LogLevel.Error, "Handling an agent's message failed for a reason that is not the database's; it is given up")]
    public static partial void HandlingGivenUp(this ILogger logger, Exception e);

    [LoggerMessage(3, LogLevel.Information, "Handling an agent's message went well after {Attempts} failed attempts")]
    public static partial void HandlingGoesOn(this ILogger logger, int attempts);
}
