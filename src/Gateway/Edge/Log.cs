namespace Platform.Gateway.Edge;

internal static partial class Log
{
    [LoggerMessage(900, LogLevel.Information, "Requests refused for want of a valid key since the last such line: {Count}")]
    public static partial void Strangers(ILogger logger, long count);
}
