namespace Platform.Control.Identity.Sessions;

/// <summary>How a user proved who they are.</summary>
internal static class SignInMethods
{
    public const string Password = "password";
    public const string PasswordAndCode = "password+code";
    public const string PasswordAndRecoveryCode = "password+recovery-code";
    public const string Passkey = "passkey";

    /// <summary>A tenant's own identity provider.</summary>
    public const string Provider = "provider";

    /// <summary>The link of an invitation, by which a new account set its password.</summary>
    public const string Invitation = "invitation";
}
