namespace Platform.Control.Identity.Accounts;

internal static class LinkPurposes
{
    public const string ResetPassword = "reset-password";
    public const string ConfirmEmail = "confirm-email";
}
