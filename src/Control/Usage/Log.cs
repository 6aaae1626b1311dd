using Platform.Contracts.Ids;

namespace Platform.Control.Usage;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "{Count} usage records of agent {Agent} went to the quarantine: {Reason}")]
    public static partial void Quarantined(this ILogger logger, int count, AgentId? agent, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Storing a message of an agent failed {Attempts} times and is tried again")]
    public static partial void StoringFailed(this ILogger logger, Exception e, int attempts);

    [LoggerMessage(3, LogLevel.Error, "Storing a message of an agent failed for a reason that is not the database's; it is given up")]
    public static partial void StoringGivenUp(this ILogger logger, Exception e);

    [LoggerMessage(4, LogLevel.Information, "Storing goes on after {Attempts} failed attempts")]
    public static partial void StoringGoesOn(this ILogger logger, int attempts);

    [LoggerMessage(5, LogLevel.Warning, "Agent {Agent}, boot {Boot}: sequences {From} to {To} are missing and are asked for again")]
    public static partial void ReplayRequested(this ILogger logger, AgentId agent, BootId boot, long from, long to);

    [LoggerMessage(6, LogLevel.Warning, "Looking for gaps in journals was interrupted")]
    public static partial void GapWatchInterrupted(this ILogger logger, Exception e);

    [LoggerMessage(7, LogLevel.Warning, "A batch was refused by the database and is stored record by record")]
    public static partial void BatchRefused(this ILogger logger, Exception e);
}
