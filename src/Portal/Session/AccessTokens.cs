using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;

namespace Platform.Portal.Session;

/// <summary>The token of the user of this circuit or request.</summary>
internal sealed class AccessTokens(AuthenticationStateProvider authentication, SessionRefresh refresh)
{
    private SessionTokens? _last;

    /// <summary>Raised when a circuit uses newer tokens than before, so that the page can bring them to the cookie.</summary>
    public event Action? Renewed;

    public async Task<TokenAnswer> GetAsync(CancellationToken cancel)
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        if (user.FindFirstValue(SessionCookie.SessionIdClaim) is not { } id)
            return new(TokenState.Ended);
        var answer = await refresh.GetAsync(id, cancel);
        var changed = _last is not null && answer.Tokens is not null && answer.Tokens != _last;
        _last = answer.Tokens ?? _last;
        if (changed)
            Renewed?.Invoke();
        return answer;
    }
}
