namespace Platform.Portal.ControlApi;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "A {Method} to Control failed: {Code}")]
    public static partial void CallFailed(ILogger logger, string method, string code, Exception error);
}
