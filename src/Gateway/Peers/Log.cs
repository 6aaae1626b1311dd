namespace Platform.Gateway.Peers;

internal static partial class Log
{
    [LoggerMessage(1100, LogLevel.Information, "The group's other agents can be asked over {Exchange}")]
    public static partial void PeersOpen(ILogger logger, string exchange);

    [LoggerMessage(1101, LogLevel.Warning, "The group's other agents cannot be asked: {Fault}")]
    public static partial void PeersLost(ILogger logger, string fault);
}
