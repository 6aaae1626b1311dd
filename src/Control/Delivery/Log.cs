using Platform.Contracts.Ids;

namespace Platform.Control.Delivery;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "This Control publishes configuration, epoch {Epoch}")]
    public static partial void PublisherActive(this ILogger logger, Guid epoch);

    [LoggerMessage(2, LogLevel.Warning, "Publishing was interrupted and starts anew")]
    public static partial void PublisherInterrupted(this ILogger logger, Exception e);

    [LoggerMessage(3, LogLevel.Warning, "Group {Group} could not be told over the broker; until it can, agents fetch what changes")]
    public static partial void PublishFailed(this ILogger logger, Exception e, AgentGroupName group);

    [LoggerMessage(4, LogLevel.Debug, "Group {Group} was told of revisions {From} to {To} with {Count} resources")]
    public static partial void Published(this ILogger logger, AgentGroupName group, long from, long to, int count);

    [LoggerMessage(7, LogLevel.Information, "Group {Group} is told over the broker again")]
    public static partial void BrokerBack(this ILogger logger, AgentGroupName group);

    [LoggerMessage(5, LogLevel.Warning, "The database is not the one of epoch {Old}: agents take everything anew in epoch {New}")]
    public static partial void EpochChanged(this ILogger logger, Guid old, Guid @new);

    [LoggerMessage(6, LogLevel.Information, "All resources were compiled anew: {Changed} changed, revision {Revision}")]
    public static partial void Rebuilt(this ILogger logger, int changed, long revision);
}
