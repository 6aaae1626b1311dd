namespace Platform.Control.Identity.Sessions;

/// <summary>How a user proved who they are.</summary>
internal static class SignInMethods
{
    public const string Password = "password";
    public const string PasswordAndCode = "password+code";
    public const string PasswordAndRecoveryCode = "password+recovery-code";
    public const string Passkey = "passkey";
}
