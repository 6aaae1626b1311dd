namespace Platform.Gateway.Broker;

internal static partial class Log
{
    [LoggerMessage(400, LogLevel.Warning, "A {Type} message was not published ({Kind}): {Fault}")]
    public static partial void NotPublished(ILogger logger, string type, string kind, string fault);
}
