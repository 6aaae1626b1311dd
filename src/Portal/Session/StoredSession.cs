namespace Platform.Portal.Session;

/// <summary>One session in <see cref="TokenStore"/>.</summary>
internal sealed class StoredSession(string id, SessionTokens tokens)
{
    private readonly Lock _gate = new();
    private SessionTokens? _tokens = tokens;
    private Task<TokenAnswer>? _refresh;

    public string Id => id;

    /// <summary>Tokens for tenants that the user, an operator, has opened.</summary>
    public TenantTokens Inside { get; } = new();

    /// <summary>Null when the session has ended.</summary>
    public SessionTokens? Tokens => Volatile.Read(ref _tokens);

    public void End() => Volatile.Write(ref _tokens, null);

    /// <summary>
    /// Runs <paramref name="refresh"/> unless it runs already, and then shares its answer: a refresh token is good once.
    /// Good tokens are kept; an ended session stays ended.
    /// </summary>
    public Task<TokenAnswer> RefreshOnce(SessionTokens old, Func<SessionTokens, Task<TokenAnswer>> refresh)
    {
        lock (_gate)
        {
            if (Tokens is not { } current)
                return Task.FromResult(new TokenAnswer(TokenState.Ended));
            if (current != old)
                return Task.FromResult(new TokenAnswer(TokenState.Good, current));
            if (_refresh is null or { IsCompleted: true })
                _refresh = RunAsync(old, refresh);
            return _refresh;
        }
    }

    private async Task<TokenAnswer> RunAsync(SessionTokens old, Func<SessionTokens, Task<TokenAnswer>> refresh)
    {
        await Task.Yield();
        var answer = await refresh(old);
        if (answer.State is TokenState.Good)
            return Interlocked.CompareExchange(ref _tokens, answer.Tokens, old) is null ? new(TokenState.Ended) : answer;
        if (answer.State is TokenState.Ended)
            End();
        return answer;
    }
}
