namespace Platform.Gateway.Configuration;

internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Warning, "Resource {Kind} {Key} of revision {Revision} is refused, its last good one stays: {Faults}")]
    public static partial void Rejected(ILogger logger, string kind, string key, long revision, string faults);

    [LoggerMessage(201, LogLevel.Error, "Resource {Kind} {Key} could not be read")]
    public static partial void Unreadable(ILogger logger, Exception exception, string kind, string key);

    [LoggerMessage(202, LogLevel.Information, "Loaded revision {Revision} with {Tenants} tenants and {Keys} keys in {Milliseconds:F0} ms")]
    public static partial void Loaded(ILogger logger, long revision, int tenants, int keys, double milliseconds);

    [LoggerMessage(203, LogLevel.Warning, "When Control was last heard could not be kept")]
    public static partial void ContactNotKept(ILogger logger, Exception exception);
}
