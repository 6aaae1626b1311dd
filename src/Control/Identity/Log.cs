namespace Platform.Control.Identity;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Old tokens could not be removed; the next hour tries again.")]
    public static partial void PruningFailed(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Information, "User {UserId} signed in.")]
    public static partial void SignedIn(ILogger logger, Guid userId);

    [LoggerMessage(3, LogLevel.Warning, "A sign-in was refused; locked out: {LockedOut}.")]
    public static partial void SignInRefused(ILogger logger, bool lockedOut);
}
