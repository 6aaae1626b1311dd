namespace Platform.Control.Access;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Count} denials could not be written to the audit trail; they are tried again.")]
    public static partial void DenialsDelayed(ILogger logger, int count, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "{Count} denials are not in the audit trail.")]
    public static partial void DenialsLost(ILogger logger, int count, Exception exception);
}
