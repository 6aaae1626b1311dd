namespace Platform.Portal.ControlApi;

/// <summary>What can go wrong between the portal and Control, beside what Control itself says.</summary>
internal static class PortalProblemCodes
{
    /// <summary>No connection to Control.</summary>
    public const string ControlUnreachable = "control_unreachable";

    /// <summary>Control took too long. Whether a write happened is not known.</summary>
    public const string ControlTimedOut = "control_timed_out";

    /// <summary>Control's answer could not be read.</summary>
    public const string AnswerUnreadable = "answer_unreadable";

    /// <summary>The page must be loaded anew, so that the cookie brings the session back.</summary>
    public const string SessionUnknown = "session_unknown";

    /// <summary>The user has to sign in again.</summary>
    public const string SessionEnded = "session_ended";

    public const string AuthorityUnreachable = "authority_unreachable";
}
