using Platform.Contracts.Ids;

namespace Platform.Portal.Session;

/// <summary>
/// An operator's way into a tenant: the session's token exchanged for one that reads there (RFC 8693), and again
/// shortly before it runs out.
/// </summary>
internal sealed class TenantEntry(TokenStore store, SessionRefresh refresh, TokenEndpoint endpoint, TimeProvider time)
{
    public async Task<TokenAnswer> GetAsync(string sessionId, TenantId tenant, CancellationToken cancel)
    {
        var own = await refresh.GetAsync(sessionId, cancel);
        if (own.Tokens is not { } tokens)
            return own;
        if (!store.TryFind(sessionId, out var session))
            return new(TokenState.Unknown);
        // The exchange has its own deadline and outlives the caller who began it: others wait for it too.
        return await session.Inside.GetAsync(tenant, IsGood, () => endpoint.ExchangeAsync(tokens, tenant)).WaitAsync(cancel);
    }

    private bool IsGood(TokenAnswer answer) => answer.Tokens is { } tokens && tokens.ExpiresAt - time.GetUtcNow() > SessionRefresh.Margin;
}
