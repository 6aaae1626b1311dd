using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Platform.Contracts.Ids;

namespace Platform.Portal.Session;

/// <summary>The token of the user of this circuit or request.</summary>
internal sealed class AccessTokens(AuthenticationStateProvider authentication, SessionRefresh refresh, TenantEntry entry)
{
    private readonly HashSet<TenantId> _entered = [];
    private SessionTokens? _last;

    /// <summary>Raised when a circuit uses newer tokens than before, so that the page can bring them to the cookie.</summary>
    public event Action? Renewed;

    /// <summary>The user is an operator and no member of the tenant: calls about it need a token that is exchanged for it.</summary>
    public void Enter(TenantId tenant) => _entered.Add(tenant);

    /// <summary>The user is a member of the tenant.</summary>
    public void Leave(TenantId tenant) => _entered.Remove(tenant);

    /// <param name="tenant">The tenant that the call is about, where it is about one.</param>
    public async Task<TokenAnswer> GetAsync(TenantId? tenant, CancellationToken cancel)
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        if (user.FindFirstValue(SessionCookie.SessionIdClaim) is not { } id)
            return new(TokenState.Ended);
        var answer = await refresh.GetAsync(id, cancel);
        var changed = _last is not null && answer.Tokens is not null && answer.Tokens != _last;
        _last = answer.Tokens ?? _last;
        if (changed)
            Renewed?.Invoke();
        return tenant is { } about && _entered.Contains(about) && answer.State is TokenState.Good
            ? await entry.GetAsync(id, about, cancel)
            : answer;
    }
}
