using Platform.Contracts.Ids;

namespace Platform.Gateway.Delivery;

internal static partial class Log
{
    [LoggerMessage(600, LogLevel.Information, "Revision {Revision} is in force (full: {Full}, {Keys} keys)")]
    public static partial void Applied(ILogger logger, long revision, bool full, int keys);

    [LoggerMessage(601, LogLevel.Error, "Configuration takes effect but could not be stored")]
    public static partial void NotStored(ILogger logger, Exception exception);

    [LoggerMessage(602, LogLevel.Warning, "Control is away: {Fault}")]
    public static partial void ControlAway(ILogger logger, string fault);

    [LoggerMessage(603, LogLevel.Error, "A change could not be applied; it is fetched again")]
    public static partial void NotApplied(ILogger logger, Exception exception);

    [LoggerMessage(604, LogLevel.Information, "The bus session began")]
    public static partial void BusStarted(ILogger logger);

    [LoggerMessage(605, LogLevel.Warning, "The bus session failed; another one is tried")]
    public static partial void BusFailed(ILogger logger, Exception exception);

    [LoggerMessage(606, LogLevel.Information, "Control asks for records {From} to {To} of boot {BootId} again")]
    public static partial void ReplayAsked(ILogger logger, BootId bootId, long from, long to);

    [LoggerMessage(607, LogLevel.Warning, "The applied revision could not be reported")]
    public static partial void NotReported(ILogger logger, Exception exception);

    [LoggerMessage(608, LogLevel.Debug, "The bus did not stop in order")]
    public static partial void BusNotStopped(ILogger logger, Exception exception);
}
