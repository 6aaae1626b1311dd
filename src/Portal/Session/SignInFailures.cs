namespace Platform.Portal.Session;

/// <summary>Why a sign-in came to nothing, as the page about it knows it.</summary>
internal static class SignInFailures
{
    public const string Unreachable = "unreachable";
    public const string Stale = "stale";
    public const string Denied = "denied";
    public const string Refused = "refused";

    public static string Page(string reason, string? returnUrl) =>
        $"/sign-in-failed?reason={reason}&returnUrl={Uri.EscapeDataString(ReturnUrl.Local(returnUrl))}";

    public static string Explain(string? reason) => reason switch
    {
        Unreachable => "The sign-in service does not answer. Wait a moment, then try again.",
        Stale => "That sign-in took too long, or was started in another window, or this browser refuses cookies. Try again.",
        Denied => "The sign-in service refused access for this account.",
        _ => "The sign-in service refused the sign-in. Try again; if it happens again, tell your operator.",
    };
}
