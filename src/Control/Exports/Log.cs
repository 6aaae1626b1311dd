namespace Platform.Control.Exports;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The export at {Path} was cut: its reader was too slow")]
    public static partial void Cut(this ILogger logger, string path);
}
