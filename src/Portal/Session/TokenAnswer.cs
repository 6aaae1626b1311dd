namespace Platform.Portal.Session;

internal enum TokenState
{
    /// <summary>The token may be used.</summary>
    Good,

    /// <summary>This process does not know the session: it was started anew, or forgot it. The cookie still has the tokens.</summary>
    Unknown,

    /// <summary>Signed out, or the authority refuses to go on: the user has to sign in again.</summary>
    Ended,

    /// <summary>The token has run out and the authority does not answer.</summary>
    AuthorityUnreachable,

    /// <summary>The authority does not let the user into the tenant.</summary>
    Refused,
}

internal readonly record struct TokenAnswer(TokenState State, SessionTokens? Tokens = null);
