using Platform.Contracts.Ids;

namespace Platform.Control.Usage;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "{Count} usage records of agent {Agent} went to the quarantine: {Reason}")]
    public static partial void Quarantined(this ILogger logger, int count, AgentId? agent, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Agent {Agent}, boot {Boot}: sequences {From} to {To} are missing and are asked for again")]
    public static partial void ReplayRequested(this ILogger logger, AgentId agent, BootId boot, long from, long to);

    [LoggerMessage(3, LogLevel.Warning, "Looking for gaps in journals was interrupted")]
    public static partial void GapWatchInterrupted(this ILogger logger, Exception e);

    [LoggerMessage(4, LogLevel.Warning, "A batch was refused by the database and is stored record by record")]
    public static partial void BatchRefused(this ILogger logger, Exception e);
}
