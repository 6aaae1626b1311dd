using Platform.Contracts.Ids;

namespace Platform.Gateway.Metering;

internal static partial class Log
{
    [LoggerMessage(300, LogLevel.Information, "Journal opened by boot {BootId}; it holds {Boots} earlier boots and {Bytes} unconfirmed bytes")]
    public static partial void JournalOpened(ILogger logger, BootId bootId, int boots, long bytes);

    [LoggerMessage(301, LogLevel.Critical, "The journal could not commit {Count} entries")]
    public static partial void CommitFailed(ILogger logger, Exception exception, int count);

    [LoggerMessage(302, LogLevel.Warning, "A usage batch could not be sent; it is tried again")]
    public static partial void PublishFailed(ILogger logger, Exception exception);

    [LoggerMessage(303, LogLevel.Warning, "Not all usage was sent before the end; the next start sends it")]
    public static partial void FlushFailed(ILogger logger, Exception exception);

    [LoggerMessage(304, LogLevel.Warning, "The journal's heads could not be reported")]
    public static partial void HeadsFailed(ILogger logger, Exception exception);

    [LoggerMessage(305, LogLevel.Debug, "The journal's heads were not reported before the end")]
    public static partial void HeadsLate(ILogger logger);
}
