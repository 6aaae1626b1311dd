namespace Platform.Portal.Session;

/// <summary>Tokens that may be used now: refreshed shortly before they run out, once however many ask.</summary>
internal sealed class SessionRefresh(TokenStore store, TokenEndpoint endpoint, TimeProvider time)
{
    /// <summary>How long before its end a token is no longer used: longer than a call to Control may take.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);

    public async Task<TokenAnswer> GetAsync(string sessionId, CancellationToken cancel)
    {
        if (!store.TryFind(sessionId, out var session))
            return new(TokenState.Unknown);
        return await GetAsync(session, cancel);
    }

    public async Task<TokenAnswer> GetAsync(StoredSession session, CancellationToken cancel)
    {
        if (session.Tokens is not { } tokens)
            return new(TokenState.Ended);
        if (tokens.ExpiresAt - time.GetUtcNow() > Margin)
            return new(TokenState.Good, tokens);
        // The refresh has its own deadline and outlives the caller who began it: others wait for it too.
        var answer = await session.RefreshOnce(tokens, endpoint.RefreshAsync).WaitAsync(cancel);
        return answer.State is TokenState.AuthorityUnreachable && tokens.ExpiresAt > time.GetUtcNow()
            ? new(TokenState.Good, tokens)
            : answer;
    }
}
