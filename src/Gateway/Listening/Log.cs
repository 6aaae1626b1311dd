namespace Platform.Gateway.Listening;

internal static partial class Log
{
    [LoggerMessage(800, LogLevel.Information, "The certificate of {Subject} with thumbprint {Thumbprint} is in force; it ends at {NotAfter:O}")]
    public static partial void Certificate(ILogger logger, string subject, string thumbprint, DateTime notAfter);
}
