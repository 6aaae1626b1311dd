namespace Platform.Control.Identity.External;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "User {UserId} signed in by the identity provider {ProviderId}.")]
    public static partial void SignedIn(ILogger logger, Guid userId, Guid providerId);

    [LoggerMessage(2, LogLevel.Warning, "A sign-in by the identity provider {ProviderId} was refused: {Reason}.")]
    public static partial void Refused(ILogger logger, Guid providerId, string reason);

    [LoggerMessage(3, LogLevel.Warning, "The address {Address} of an identity provider gave nothing: {Fault}.")]
    public static partial void CallFailed(ILogger logger, string address, string fault);
}
