namespace Platform.Control.Identity;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Old tokens could not be removed; the next hour tries again.")]
    public static partial void PruningFailed(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Information, "User {UserId} signed in: {Method}.")]
    public static partial void SignedIn(ILogger logger, Guid userId, string method);

    [LoggerMessage(3, LogLevel.Warning, "A sign-in was refused; locked out: {LockedOut}.")]
    public static partial void SignInRefused(ILogger logger, bool lockedOut);

    [LoggerMessage(4, LogLevel.Error, "A refusal could not be recorded in the audit trail: {Action}.")]
    public static partial void RefusalNotRecorded(ILogger logger, Exception exception, string action);

    [LoggerMessage(5, LogLevel.Warning, "A refresh token of user {UserId} was used twice; its authorization and all tokens of it are revoked.")]
    public static partial void RefreshTokenReused(ILogger logger, string? userId);

    [LoggerMessage(6, LogLevel.Warning, "A passkey was refused: {Reason}.")]
    public static partial void PasskeyRefused(ILogger logger, string reason);
}
